package org.pgminicluster.server.process;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.pgminicluster.MiniClusterException;

/** Sends signals to processes. */
record Signals(Binaries binaries) {

    /** Sends it to all of them with one command; those that are gone already do not matter. */
    void send(String signal, Collection<Long> pids) {
        if (pids.isEmpty()) {
            return;
        }
        if (binaries.platform().isWindows()) {
            pids.forEach(pid -> run(windows(signal, pid)));
        } else {
            run(posix(signal, pids));
        }
    }

    /** The kill that every shell has built in: slim images have no program of that name. */
    private static List<String> posix(String signal, Collection<Long> pids) {
        List<String> command = new ArrayList<>(List.of("sh", "-c", "kill -s \"$0\" \"$@\"", signal));
        pids.forEach(pid -> command.add(pid.toString()));
        return command;
    }

    /** PostgreSQL emulates some signals there, and its own program sends them. */
    private List<String> windows(String signal, long pid) {
        return List.of(binaries.program("pg_ctl").toString(), "kill", signal, Long.toString(pid));
    }

    private static void run(List<String> command) {
        try {
            Command.output(command);
        } catch (IOException e) {
            throw new MiniClusterException("could not run " + command, e);
        }
    }
}
