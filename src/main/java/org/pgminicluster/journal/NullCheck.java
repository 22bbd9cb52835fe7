package org.pgminicluster.journal;

import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Finds what a record must have and lacks: a reader of JSON leaves it null, whatever the record says. */
final class NullCheck {

    private record Part(Method accessor, boolean mayBeNull) {
        static Part of(RecordComponent component) {
            component.getAccessor().setAccessible(true);
            return new Part(
                    component.getAccessor(), component.getAnnotatedType().isAnnotationPresent(Nullable.class));
        }
    }

    private static final Map<Class<?>, List<Part>> PARTS = new ConcurrentHashMap<>();

    private NullCheck() {}

    static boolean lacksSomething(Object found) {
        if (found instanceof List<?> list) {
            for (Object element : list) {
                if (lacksSomething(element)) {
                    return true;
                }
            }
            return false;
        }
        // A value in a row may be NULL.
        if (!(found instanceof Record) || found instanceof Row) {
            return false;
        }
        for (Part part : PARTS.computeIfAbsent(found.getClass(), NullCheck::parts)) {
            Object value = value(part, found);
            if (value == null ? !part.mayBeNull() : lacksSomething(value)) {
                return true;
            }
        }
        return false;
    }

    private static List<Part> parts(Class<?> type) {
        return Arrays.stream(type.getRecordComponents())
                .filter(component -> !component.getType().isPrimitive())
                .map(Part::of)
                .toList();
    }

    private static @Nullable Object value(Part part, Object found) {
        try {
            return part.accessor().invoke(found);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("a record that cannot be read: " + found.getClass(), e);
        }
    }
}
