package org.pgminicluster.cli;

import java.lang.reflect.Method;

/** Ctrl-C, while a program in front of this one takes it: psql ends a statement by it, and must not lose its terminal. */
final class Interrupt {

    private Interrupt() {}

    /** By reflection, since the compiler warns of a class that every JDK has and none promises. */
    static void ignore() {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Method handle = signal.getMethod("handle", signal, handler);
            handle.invoke(
                    null,
                    signal.getConstructor(String.class).newInstance("INT"),
                    handler.getField("SIG_IGN").get(null));
        } catch (ReflectiveOperationException | IllegalArgumentException e) {
            // Then Ctrl-C ends both, as it would without a word of ours.
        }
    }
}
