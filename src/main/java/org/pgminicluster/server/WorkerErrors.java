package org.pgminicluster.server;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.apiguardian.api.API;

/**
 * The errors that replication workers have logged. From PostgreSQL 13 on each line says what kind of process wrote it;
 * before, a worker is known by its pid, which is in the line by which it starts and in the postmaster's about its end.
 *
 * @see <a href="https://www.postgresql.org/docs/13/runtime-config-logging.html#GUC-LOG-LINE-PREFIX">log_line_prefix</a>
 */
@API(status = API.Status.INTERNAL)
public final class WorkerErrors {

    private static final Pattern ERROR = Pattern.compile(
            "^\\S+ \\S+ \\S+ \\[(\\d+)] +(logical replication[a-z ]* worker )?ERROR: {2}(.*)", Pattern.MULTILINE);
    private static final Pattern STARTED = Pattern.compile(
            "^\\S+ \\S+ \\S+ \\[(\\d+)] .*LOG: {2}logical replication (apply|table synchronization) worker for"
                    + " subscription \".*\" has started$",
            Pattern.MULTILINE);
    /** A start, with the subscription, or an error. */
    private static final Pattern WORKER_LINE = Pattern.compile(
            "^\\S+ \\S+ \\S+ \\[(\\d+)] .*?(?:LOG: {2}logical replication (?:apply|table synchronization) worker for"
                    + " subscription \"(.*?)\"(?:, table \".*\")? has started$|(?:ERROR|FATAL): {2}(.*))",
            Pattern.MULTILINE);

    private static final Pattern ENDED =
            Pattern.compile("LOG: {2}(worker process: logical replication worker for subscription [^(]*"
                    + "|background worker \"logical replication worker\" )\\(PID (\\d+)\\) exited");

    /**
     * That the publisher is not there, and what ends when others let go: slots and origins in use, locks, timeouts,
     * deadlocks. Anchored, since the rest of an error may name anybody's tables, columns and constraints.
     */
    private static final Pattern MAY_PASS = Pattern.compile(
            "^((apply|table synchronization) worker for subscription \".*\" )?could not (connect|receive data|send data)"
                    + "|^error reading result|^terminating |: server closed the connection"
                    + "|is (already )?active for PID|[: ] the database system is "
                    + "|(^|: ERROR: {2})(all replication slots are in use$|could not find free replication state slot "
                    + "|canceling statement due to |deadlock detected$|could not serialize access |could not obtain lock on )");

    private WorkerErrors() {}

    /** How often each error is in a piece of a log that does not go away by itself. */
    public static Map<String, Integer> in(String log) {
        return counts(log, message -> !MAY_PASS.matcher(message).find());
    }

    /** How often each error is in a piece of a log that may go away by itself, as when the publisher comes back. */
    public static Map<String, Integer> passing(String log) {
        return counts(log, message -> MAY_PASS.matcher(message).find());
    }

    private static Map<String, Integer> counts(String log, Predicate<String> which) {
        if (!log.contains("ERROR:  ")) {
            // Long and growing while many tables are copied, and asked for four times a second.
            return Map.of();
        }
        Set<String> workers = new HashSet<>();
        STARTED.matcher(log).results().forEach(line -> workers.add(line.group(1)));
        ENDED.matcher(log).results().forEach(line -> workers.add(line.group(2)));
        Map<String, Integer> counts = new LinkedHashMap<>();
        ERROR.matcher(log).results().forEach(line -> {
            boolean kindIsTold = line.group(2) != null;
            if ((kindIsTold || workers.contains(line.group(1))) && which.test(line.group(3))) {
                counts.merge(line.group(3), 1, Integer::sum);
            }
        });
        return counts;
    }

    /**
     * What the workers of one subscription have logged as errors, in that order; those of its tables are among them.
     *
     * @param earlier the log up to there, by which a worker is known that had started before
     */
    public static List<String> of(String subscription, String earlier, String log) {
        List<String> errors = new ArrayList<>();
        Map<String, String> subscriptions = new HashMap<>();
        WORKER_LINE.matcher(earlier + log).results().forEach(line -> {
            String pid = line.group(1);
            if (line.group(2) != null) {
                subscriptions.put(pid, line.group(2));
            } else if (line.start() >= earlier.length() && subscription.equals(subscriptions.get(pid))) {
                errors.add(line.group(3));
            }
        });
        return errors;
    }

    /** The last of {@link #of} that does not go away by itself. */
    public static Optional<String> lastOf(String subscription, String log) {
        return of(subscription, "", log).stream()
                .filter(error -> !MAY_PASS.matcher(error).find())
                .reduce((first, last) -> last);
    }
}
