package org.pgminicluster.server.container;

import java.util.List;

/**
 * The processes of a container beside its first one. An engine that kills a frozen container thaws it for that, and
 * kills the first process only; the others would run for a moment, find their postmaster gone, and say so to their peers.
 * Stopped ones never run again.
 */
final class Backends {

    /** Prints those that it has stopped, and leaves alone who was stopped already. */
    private static final String STOP = """
            for stat in /proc/[0-9]*/stat; do
                pid=${stat#/proc/}
                pid=${pid%/stat}
                [ "$pid" -gt 1 ] && [ "$pid" -ne $$ ] || continue
                case "$(sed 's/.*) //' "$stat" 2>/dev/null)" in
                T*) ;;
                *) kill -s STOP "$pid" 2>/dev/null && echo "$pid" ;;
                esac
            done
            true""";

    private static final String CONTINUE = "for pid; do kill -s CONT \"$pid\" 2>/dev/null; done; true";

    private final Shell shell;
    private List<String> stopped = List.of();

    /** Runs a line of shell in the container, and gives what it prints. */
    @FunctionalInterface
    interface Shell {
        String outputOf(String script, String... arguments);
    }

    Backends(Shell shell) {
        this.shell = shell;
    }

    /** One that is started meanwhile is not among them. */
    void stop() {
        stopped = shell.outputOf(STOP).lines().toList();
    }

    /** Those that {@link #stop()} has stopped run again. */
    void goOn() {
        if (!stopped.isEmpty()) {
            shell.outputOf(CONTINUE, stopped.toArray(String[]::new));
            stopped = List.of();
        }
    }
}
