package org.pgminicluster.cli;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * What Ctrl-C does, and the signal by which a system asks a process to end. By reflection, since the compiler warns of
 * the class that every JDK has for it and none promises; without it both end the JVM as they would without us.
 */
final class CtrlC {

    private static final Map<String, Integer> SIGNALS = Map.of("INT", 2, "TERM", 15);
    private static final int OF_A_SIGNAL = 128;
    private static final int PATIENCE_SECONDS = 20;

    private final Terminal terminal;
    private final Thread thread = Thread.currentThread();
    private final CountDownLatch over = new CountDownLatch(1);
    private volatile boolean reading;

    private CtrlC(Terminal terminal) {
        this.terminal = terminal;
    }

    /** Work that reads what somebody types, and returns an exit code. */
    @FunctionalInterface
    interface Work {
        int run(InputStream in) throws InterruptedException;
    }

    /**
     * Does work that owns servers. A signal interrupts it, says so, and ends this JVM when the work has taken them away:
     * nobody else does meanwhile, which would find them half started.
     */
    static int during(Terminal terminal, Work work) throws InterruptedException {
        CtrlC guard = new CtrlC(terminal);
        SIGNALS.forEach((name, number) -> handle(name, () -> guard.end(OF_A_SIGNAL + number)));
        try {
            return work.run(guard.watched(terminal.in()));
        } finally {
            guard.over.countDown();
            if (terminal.isInterrupted()) {
                // The end is under way, and so is the exit code.
                Thread.interrupted();
                new CountDownLatch(1).await();
            }
        }
    }

    private void end(int exit) {
        terminal.interrupted();
        // Whoever waits for somebody to type is not woken by an interrupt, and is in nobody's way.
        if (!reading) {
            thread.interrupt();
            try {
                over.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        System.exit(exit);
    }

    private InputStream watched(InputStream in) {
        return new FilterInputStream(in) {
            @Override
            public int read() throws IOException {
                reading = true;
                try {
                    return in.read();
                } finally {
                    reading = false;
                }
            }
        };
    }

    /** While a program in front of this one takes it: psql ends a statement by it, and must not lose its terminal. */
    static void ignore() {
        handle("INT", () -> {});
    }

    private static void handle(String name, Runnable action) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Method handle = signal.getMethod("handle", signal, handler);
            Object proxy = Proxy.newProxyInstance(
                    CtrlC.class.getClassLoader(), new Class<?>[] {handler}, (self, method, arguments) -> {
                        action.run();
                        return null;
                    });
            handle.invoke(null, signal.getConstructor(String.class).newInstance(name), proxy);
        } catch (ReflectiveOperationException | IllegalArgumentException e) {
            // As said.
        }
    }
}
