package org.pgminicluster.junit;

import java.lang.reflect.AnnotatedElement;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.platform.commons.JUnitException;
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
        try {
            if (source instanceof MethodSource method) {
                return of(method.getJavaClass())
                        .map(type -> new Scenario(
                                method.getClassName() + "#" + method.getMethodName(),
                                behaviours(Stream.concat(
                                        Stream.of(method.getJavaMethod()), around(method.getJavaClass())))));
            }
            return source instanceof ClassSource itself ? of(itself.getJavaClass()) : Optional.empty();
        } catch (JUnitException e) {
            // Another engine's: its tests need not be classes and methods of Java.
            return Optional.empty();
        }
    }

    private static Optional<Scenario> of(Class<?> type) {
        return around(type).anyMatch(it -> AnnotationSupport.isAnnotated(it, MiniClusterTest.class))
                ? Optional.of(new Scenario(type.getName(), behaviours(around(type))))
                : Optional.empty();
    }

    /** From the inside out. */
    private static Stream<AnnotatedElement> around(Class<?> type) {
        return Stream.<Class<?>>iterate(type, Objects::nonNull, Class::getEnclosingClass)
                .map(AnnotatedElement.class::cast);
    }

    private static List<String> behaviours(Stream<AnnotatedElement> annotated) {
        return annotated
                .flatMap(it -> AnnotationSupport.findAnnotation(it, Behaviour.class).stream())
                .flatMap(behaviour -> Stream.of(behaviour.value()))
                .distinct()
                .toList();
    }
}
