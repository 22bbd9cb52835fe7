package org.pgminicluster.journal;

import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Finds what a record must have and lacks: a reader of JSON leaves it null, whatever the record says. */
final class NullCheck {

    private static final Map<Class<?>, List<RecordComponent>> COMPONENTS = new ConcurrentHashMap<>();

    private NullCheck() {}

    static boolean lacksSomething(Object found) {
        if (found instanceof Row) {
            return false;
        }
        if (found instanceof List<?> list) {
            return list.stream().anyMatch(NullCheck::lacksSomething);
        }
        if (!found.getClass().isRecord()) {
            return false;
        }
        for (RecordComponent component : COMPONENTS.computeIfAbsent(found.getClass(), NullCheck::components)) {
            Object value = value(component, found);
            if (value == null ? !mayBeNull(component) : lacksSomething(value)) {
                return true;
            }
        }
        return false;
    }

    private static List<RecordComponent> components(Class<?> type) {
        return Arrays.stream(type.getRecordComponents())
                .filter(component -> !component.getType().isPrimitive())
                .toList();
    }

    private static boolean mayBeNull(RecordComponent component) {
        return component.getAnnotatedType().isAnnotationPresent(Nullable.class);
    }

    private static @Nullable Object value(RecordComponent component, Object found) {
        try {
            return component.getAccessor().invoke(found);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("a record that cannot be read: " + found.getClass(), e);
        }
    }
}
