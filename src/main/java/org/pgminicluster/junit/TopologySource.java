package org.pgminicluster.junit;

import java.lang.annotation.Annotation;
import java.lang.reflect.AnnotatedElement;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * A {@link TopologyFrom} as it was found.
 *
 * @param name what it names
 * @param shown the annotation as its user wrote it, which may be one that carries {@link TopologyFrom}
 */
record TopologySource(String name, String shown) {

    /** All of them on one element; for a class that has none, those of its interfaces or of its superclass. */
    static Set<TopologySource> on(AnnotatedElement element) {
        Set<TopologySource> found = new LinkedHashSet<>();
        for (Annotation annotation : element.getDeclaredAnnotations()) {
            collect(annotation, shown(annotation), found, new HashSet<>());
        }
        if (found.isEmpty() && element instanceof Class<?> type) {
            Arrays.stream(type.getInterfaces()).forEach(parent -> found.addAll(on(parent)));
            if (found.isEmpty() && type.getSuperclass() != null) {
                found.addAll(on(type.getSuperclass()));
            }
        }
        return found;
    }

    private static void collect(
            Annotation annotation, String shown, Set<TopologySource> found, Set<Class<? extends Annotation>> seen) {
        if (annotation instanceof TopologyFrom from) {
            found.add(new TopologySource(from.value(), shown));
        } else if (seen.add(annotation.annotationType())) {
            for (Annotation carried : annotation.annotationType().getDeclaredAnnotations()) {
                collect(carried, shown, found, seen);
            }
        }
    }

    private static String shown(Annotation annotation) {
        return annotation instanceof TopologyFrom from
                ? "@TopologyFrom(\"" + from.value() + "\")"
                : "@" + annotation.annotationType().getSimpleName();
    }

    /** Whether it is {@link TopologyFrom} itself. */
    boolean isDirect() {
        return shown.startsWith("@TopologyFrom(");
    }

    @Override
    public String toString() {
        return shown;
    }
}
