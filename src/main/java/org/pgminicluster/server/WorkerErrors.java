package org.pgminicluster.server;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The errors that replication workers have logged. From PostgreSQL 13 on each line says what kind of process wrote it;
 * before, a worker is known by its pid, which is in the line by which it starts and in the postmaster's about its end.
 *
 * @see <a href="https://www.postgresql.org/docs/13/runtime-config-logging.html#GUC-LOG-LINE-PREFIX">log_line_prefix</a>
 */
public final class WorkerErrors {

    private static final Pattern ERROR = Pattern.compile(
            "^\\S+ \\S+ \\S+ \\[(\\d+)] +(logical replication[a-z ]* worker )?ERROR: {2}(.*)", Pattern.MULTILINE);
    private static final Pattern STARTED = Pattern.compile(
            "^\\S+ \\S+ \\S+ \\[(\\d+)] .*LOG: {2}logical replication (apply|table synchronization) worker for"
                    + " subscription \".*\" has started$",
            Pattern.MULTILINE);
    private static final Pattern ENDED =
            Pattern.compile("LOG: {2}(worker process: logical replication worker for subscription [^(]*"
                    + "|background worker \"logical replication worker\" )\\(PID (\\d+)\\) exited");

    /** Anchored, since the rest of an error may name anybody's tables, columns and constraints. */
    private static final Pattern MAY_PASS = Pattern.compile(
            "^((apply|table synchronization) worker for subscription \".*\" )?could not (connect|receive data|send data)"
                    + "|^error reading result|^terminating |: server closed the connection"
                    + "|is active for PID|[: ] the database system is ");

    private WorkerErrors() {}

    /**
     * How often each error is in a piece of a log. One that only says that the publisher is not there is left out: that
     * may pass.
     */
    public static Map<String, Integer> in(String log) {
        Set<String> workers = new HashSet<>();
        STARTED.matcher(log).results().forEach(line -> workers.add(line.group(1)));
        ENDED.matcher(log).results().forEach(line -> workers.add(line.group(2)));
        Map<String, Integer> counts = new LinkedHashMap<>();
        ERROR.matcher(log).results().forEach(line -> {
            boolean kindIsTold = line.group(2) != null;
            if ((kindIsTold || workers.contains(line.group(1)))
                    && !MAY_PASS.matcher(line.group(3)).find()) {
                counts.merge(line.group(3), 1, Integer::sum);
            }
        });
        return counts;
    }
}
