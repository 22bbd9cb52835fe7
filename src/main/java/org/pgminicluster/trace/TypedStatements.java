package org.pgminicluster.trace;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.pgminicluster.journal.Event;

/**
 * Finds in a server's log what people typed in sessions that were told to log it: with their duration, and with
 * verbose errors, by which they are known from all others. What psql asks the catalogs for itself is left out.
 *
 * @see <a href="https://www.postgresql.org/docs/13/runtime-config-logging.html">Error Reporting and Logging</a>
 */
final class TypedStatements {

    private static final int MOST_LETTERS = 20_000;

    /** Whatever the prefix is. */
    private static final Pattern LINE = Pattern.compile(
            "[^\\t].*?(LOG|ERROR|FATAL|PANIC|WARNING|NOTICE|INFO|DEBUG\\d|DETAIL|HINT|QUERY|CONTEXT|LOCATION|STATEMENT):  (.*)");

    private static final Pattern PID = Pattern.compile("\\[(\\d+)]");

    /** The code comes first where errors are verbose. */
    private static final Pattern DONE =
            Pattern.compile("00000: duration: ([\\d.]+) ms  (?:statement|execute [^:]+): (.*)", Pattern.DOTALL);

    private static final Pattern REFUSED = Pattern.compile("([0-9A-Z]{5}): (.*)", Pattern.DOTALL);

    /** What psql sends for its own commands, and what tells a session to log. */
    private static final Pattern PSQLS_OWN = Pattern.compile(
            "\\s*SELECT\\b.*\\bpg_catalog\\..*|SET log_error_verbosity\\b.*",
            Pattern.DOTALL | Pattern.CASE_INSENSITIVE);

    private final String database;
    private final BiConsumer<String, Event.Sql> typed;

    /** The parts of the report that is being read. */
    private final Map<String, StringBuilder> parts = new LinkedHashMap<>();

    private String pid = "";
    private String last = "";

    /** @param typed is told of the session, and of what was typed there */
    TypedStatements(String database, BiConsumer<String, Event.Sql> typed) {
        this.database = database;
        this.typed = typed;
    }

    /** Reads lines as they come; returns those that are no part of what was typed. */
    List<String> others(List<String> lines) {
        List<String> others = new ArrayList<>();
        for (String line : lines) {
            if (!take(line)) {
                others.add(line);
            }
        }
        return others;
    }

    private boolean take(String line) {
        Matcher found = LINE.matcher(line);
        if (!found.matches()) {
            StringBuilder part = parts.get(last);
            if (part == null || !line.startsWith("\t")) {
                return false;
            }
            append(part, "\n" + line.substring(1));
            return true;
        }
        String kind = found.group(1);
        String text = found.group(2);
        boolean begins = kind.equals("LOG") || kind.equals("ERROR");
        boolean continues =
                !parts.isEmpty() && !begins && isPart(kind) && pidOf(line).equals(pid);
        if (!continues) {
            flush();
            if (!(kind.equals("LOG") && text.startsWith("00000: duration: ")
                    || kind.equals("ERROR") && REFUSED.matcher(text).matches())) {
                return false;
            }
            pid = pidOf(line);
        }
        last = kind;
        StringBuilder part = new StringBuilder();
        append(part, text);
        parts.put(kind, part);
        return true;
    }

    private static boolean isPart(String kind) {
        return List.of("DETAIL", "HINT", "QUERY", "CONTEXT", "LOCATION", "STATEMENT")
                .contains(kind);
    }

    private static String pidOf(String line) {
        Matcher found = PID.matcher(line);
        return found.find() ? found.group(1) : "";
    }

    private static void append(StringBuilder part, String text) {
        int room = MOST_LETTERS - part.length();
        if (room > 0) {
            part.append(text.length() <= room ? text : text.substring(0, room) + "…");
        }
    }

    /** Nothing more comes of the last one. */
    void flush() {
        @Nullable String error = part("ERROR");
        @Nullable String log = part("LOG");
        if (log != null) {
            Matcher done = DONE.matcher(log);
            if (done.matches()) {
                // The log has neither rows nor their number.
                tell(done.group(2), new Event.Done(0, ""), Double.parseDouble(done.group(1)));
            }
        } else if (error != null && part("STATEMENT") != null) {
            Matcher refused = REFUSED.matcher(error);
            if (refused.matches()) {
                tell(
                        String.valueOf(part("STATEMENT")),
                        new Event.Failed(
                                refused.group(1),
                                refused.group(2).replaceFirst(" at character \\d+\\z", ""),
                                part("DETAIL"),
                                part("HINT"),
                                null,
                                part("CONTEXT")),
                        0);
            }
        }
        parts.clear();
    }

    private @Nullable String part(String kind) {
        StringBuilder part = parts.get(kind);
        return part == null ? null : part.toString();
    }

    private void tell(String statement, Event.Result result, double millis) {
        if (!PSQLS_OWN.matcher(statement).matches()) {
            typed.accept(pid, new Event.Sql(database, statement.strip(), result, millis));
        }
    }
}
