package org.pgminicluster.junit;

import java.lang.reflect.AnnotatedElement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.platform.commons.support.AnnotationSupport;
import org.junit.platform.engine.TestSource;
import org.junit.platform.engine.support.descriptor.ClassSource;
import org.junit.platform.engine.support.descriptor.MethodSource;

/**
 * A test of a {@link MiniClusterTest}, or such a class itself.
 *
 * @param name {@code class#method}, or only the class
 * @param behaviours the ids of {@link Behaviour}, the method's before the class's
 */
record Scenario(String name, List<String> behaviours) {

    static Optional<Scenario> of(TestSource source) {
        List<AnnotatedElement> annotated = new ArrayList<>();
        Class<?> type;
        String name;
        if (source instanceof MethodSource method) {
            annotated.add(method.getJavaMethod());
            type = method.getJavaClass();
            name = method.getClassName() + "#" + method.getMethodName();
        } else if (source instanceof ClassSource itself) {
            type = itself.getJavaClass();
            name = itself.getClassName();
        } else {
            return Optional.empty();
        }
        for (Class<?> around = type; around != null; around = around.getEnclosingClass()) {
            annotated.add(around);
        }
        return annotated.stream().anyMatch(it -> AnnotationSupport.isAnnotated(it, MiniClusterTest.class))
                ? Optional.of(new Scenario(name, behaviours(annotated)))
                : Optional.empty();
    }

    private static List<String> behaviours(List<AnnotatedElement> annotated) {
        return annotated.stream()
                .flatMap(it -> AnnotationSupport.findAnnotation(it, Behaviour.class).stream())
                .flatMap(behaviour -> Stream.of(behaviour.value()))
                .distinct()
                .toList();
    }
}
