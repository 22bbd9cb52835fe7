package org.pgminicluster.junit;

import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Member;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ParameterResolutionException;
import org.junit.platform.commons.support.HierarchyTraversalMode;
import org.junit.platform.commons.support.ReflectionSupport;
import org.pgminicluster.topology.Topology;

/** The field or the method that a {@link TopologyFrom} names. */
final class TopologyMember {

    private final TopologySource source;
    private final List<Class<?>> testClasses;

    TopologyMember(TopologySource source, List<Class<?>> testClasses) {
        this.source = source;
        this.testClasses = testClasses;
    }

    /**
     * @throws ParameterResolutionException saying why the name is of no use
     */
    Topology read() {
        Member member = locate();
        Class<?> type = member instanceof Method method ? method.getReturnType() : ((Field) member).getType();
        if (type != Topology.class) {
            throw unusable("it is of type " + type.getSimpleName(), null);
        }
        if (!Modifier.isStatic(member.getModifiers())) {
            throw unusable("it is not static", null);
        }
        Object value = value(member);
        if (value == null) {
            throw unusable("it is null", null);
        }
        return (Topology) value;
    }

    private Member locate() {
        int hash = source.name().indexOf('#');
        if (hash < 0) {
            return testClasses.stream()
                    .flatMap(type -> member(type, source.name()).stream())
                    .findFirst()
                    .orElseThrow(() -> unusable(testClasses.get(0).getSimpleName() + " has none", null));
        }
        String className = source.name().substring(0, hash);
        Class<?> type = ReflectionSupport.tryToLoadClass(className)
                .toOptional()
                .orElseThrow(() -> unusable("there is no class " + className, null));
        return member(type, source.name().substring(hash + 1))
                .orElseThrow(() -> unusable(type.getSimpleName() + " has none", null));
    }

    private static Optional<Member> member(Class<?> type, String name) {
        return ReflectionSupport.findMethod(type, name)
                .map(Member.class::cast)
                .or(() ->
                        ReflectionSupport.findFields(
                                        type, field -> field.getName().equals(name), HierarchyTraversalMode.BOTTOM_UP)
                                .stream()
                                .map(Member.class::cast)
                                .findFirst());
    }

    private @Nullable Object value(Member member) {
        try {
            if (member instanceof Method method) {
                method.setAccessible(true);
                return method.invoke(null);
            }
            Field field = (Field) member;
            field.setAccessible(true);
            return field.get(null);
        } catch (InvocationTargetException | ExceptionInInitializerError e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw unusable("it threw " + cause.getClass().getSimpleName() + ": " + cause.getMessage(), cause);
        } catch (IllegalAccessException | RuntimeException e) {
            throw unusable("it cannot be read: " + e, e);
        }
    }

    private ParameterResolutionException unusable(String why, @Nullable Throwable cause) {
        ParameterResolutionException refusal = new ParameterResolutionException("expected " + source
                + (source.isDirect() ? "" : ", which is @TopologyFrom(\"" + source.name() + "\"),")
                + " to name a static field of type Topology, or a static method without parameters that returns one, but "
                + why);
        if (cause != null) {
            refusal.initCause(cause);
        }
        return refusal;
    }
}
