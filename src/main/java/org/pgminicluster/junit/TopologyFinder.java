package org.pgminicluster.junit;

import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Executable;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterResolutionException;

/**
 * Finds the topology of a test: on the test method and its parameters, else on the classes around it from the inside
 * out. A shared cluster's is looked for from the class that shares it, and may not be said anywhere further in.
 */
final class TopologyFinder {

    private final ExtensionContext context;
    private final ClusterParameter asking;

    private TopologyFinder(ExtensionContext context, ClusterParameter asking) {
        this.context = context;
        this.asking = asking;
    }

    static TopologyMember find(ClusterParameter asking, Optional<Class<?>> sharedBy, ExtensionContext context) {
        TopologyFinder finder = new TopologyFinder(context, asking);
        TopologySource source = sharedBy.map(finder::ofShared).orElseGet(finder::ofTest);
        return new TopologyMember(source, finder.classesInsideOut());
    }

    private TopologySource ofTest() {
        Method test = context.getRequiredTestMethod();
        TopologySource chosen = one(TestNames.plain(context.getRequiredTestClass(), test), near(test))
                .or(() -> firstOf(classesInsideOut()))
                .orElseThrow(() -> none("the test method or the class"));
        if (!asking.method().equals(test)) {
            // The test and what runs before and after it have one cluster.
            Set<TopologySource> all = new LinkedHashSet<>(List.of(chosen));
            all.addAll(near(asking.method()));
            one(asking.name() + " and " + test.getName(), all);
        }
        return chosen;
    }

    private TopologySource ofShared(Class<?> sharing) {
        List<Class<?>> insideOut = classesInsideOut();
        int sharedAt = insideOut.indexOf(sharing);
        String where = asking.name();
        Set<TopologySource> further = near(asking.method());
        for (Class<?> nested : insideOut.subList(0, sharedAt)) {
            if (further.isEmpty()) {
                where = nested.getSimpleName();
                further = TopologySource.on(nested);
            }
        }
        if (!further.isEmpty()) {
            throw new ParameterResolutionException("expected the topology of the cluster that is @Shared by "
                    + sharing.getSimpleName() + " to be said on " + sharing.getSimpleName() + ", but "
                    + further.iterator().next() + " is on " + where + "; move it there, or take @Shared away");
        }
        return firstOf(insideOut.subList(sharedAt, insideOut.size()))
                .orElseThrow(() -> none("the class " + sharing.getSimpleName() + ", which is @Shared"));
    }

    private Optional<TopologySource> firstOf(List<Class<?>> classes) {
        return classes.stream()
                .map(type -> one(type.getSimpleName(), TopologySource.on(type)))
                .flatMap(Optional::stream)
                .findFirst();
    }

    private static Set<TopologySource> near(Executable method) {
        List<AnnotatedElement> elements = new ArrayList<>(List.of(method));
        for (Parameter parameter : method.getParameters()) {
            elements.add(parameter);
        }
        return elements.stream()
                .flatMap(element -> TopologySource.on(element).stream())
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    private static Optional<TopologySource> one(String where, Set<TopologySource> sources) {
        if (sources.stream().map(TopologySource::name).distinct().count() > 1) {
            throw new ParameterResolutionException(
                    "expected " + where + " to have one topology for its one cluster, but"
                            + " has "
                            + sources.stream().map(TopologySource::toString).collect(Collectors.joining(" and "))
                            + "; take one of them away");
        }
        return sources.stream().findFirst();
    }

    private ParameterResolutionException none(String where) {
        return new ParameterResolutionException("expected " + asking + " to have a topology, but found none; put"
                + " @Homework or @TopologyFrom(\"NAME\") on " + where);
    }

    private List<Class<?>> classesInsideOut() {
        return TestClasses.insideOut(context);
    }
}
