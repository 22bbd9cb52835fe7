package org.pgminicluster.server.container;

import com.github.dockerjava.api.DockerClient;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Testcontainers asks before each start what the engine's version and the image's architecture are, to warn of emulation.
 * An engine runs three programs to say its version. Neither changes, so it is asked once.
 */
final class AskedOnce {

    private static final Set<String> QUESTIONS = Set.of("versionCmd", "inspectImageCmd");
    private static final Map<List<Object>, Object> ANSWERS = new ConcurrentHashMap<>();

    private AskedOnce() {}

    static DockerClient by(DockerClient client) {
        return proxy(DockerClient.class, (method, arguments) -> {
            Object command = call(client, method, arguments);
            return QUESTIONS.contains(method.getName()) ? asked(method, arguments, command) : command;
        });
    }

    private static Object asked(Method asks, Object[] arguments, Object command) {
        List<Object> question = List.of(asks.getName(), Arrays.asList(arguments));
        return proxy(
                asks.getReturnType(),
                (method, with) -> method.getName().equals("exec")
                        ? ANSWERS.computeIfAbsent(question, any -> call(command, method, with))
                        : call(command, method, with));
    }

    private interface Calls {
        @Nullable
        Object call(Method method, Object[] arguments);
    }

    private static <T> T proxy(Class<T> type, Calls calls) {
        return type.cast(Proxy.newProxyInstance(
                AskedOnce.class.getClassLoader(),
                new Class<?>[] {type},
                (self, method, arguments) -> calls.call(method, arguments == null ? new Object[0] : arguments)));
    }

    private static Object call(Object target, Method method, Object[] arguments) {
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof RuntimeException unchecked) {
                throw unchecked;
            }
            throw new IllegalStateException(e.getCause());
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
        }
    }
}
