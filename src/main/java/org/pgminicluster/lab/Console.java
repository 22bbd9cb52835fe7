package org.pgminicluster.lab;

import java.io.PrintStream;
import java.util.Locale;
import java.util.stream.Collectors;
import org.pgminicluster.journal.Entry;
import org.pgminicluster.journal.Event;

/** Prints a journal while it is written, the way psql sessions side by side would look. */
final class Console {

    private final PrintStream out;
    private int steps;
    private boolean inList;

    Console(PrintStream out) {
        this.out = out;
    }

    void print(Entry entry) {
        Event event = entry.event();
        boolean listed = event instanceof Event.Wait || event instanceof Event.Check;
        if (!(listed && inList)) {
            out.println();
        }
        inList = listed;
        if (event instanceof Event.Step step) {
            steps++;
            out.printf("%d. %s%n   %s%n", steps, step.title(), step.why());
        } else if (event instanceof Event.Sql sql) {
            out.printf("%s%s%n", prompt(entry), sql.sql().strip() + (sql.sql().startsWith("\\") ? "" : ";"));
            String result = result(sql);
            if (!result.isEmpty()) {
                out.println(result);
            }
        } else if (event instanceof Event.Wait wait) {
            out.printf(
                    Locale.ROOT,
                    "   %s %.0f ms until %s%n",
                    wait.met() ? "waited" : "WAITED IN VAIN",
                    wait.millis(),
                    wait.what());
        } else if (event instanceof Event.Started started) {
            out.printf(
                    "PostgreSQL %s on %s: %s%n",
                    started.version(), String.join(", ", started.nodes()), started.servers());
        } else if (event instanceof Event.Fault fault) {
            out.printf("%s%s%s%n", prompt(entry), fault.what(), phase(fault));
        } else if (event instanceof Event.Observation observation) {
            out.printf("%s%n%s%n", observation.what(), indent(observation.text()));
        } else if (event instanceof Event.Check check) {
            out.printf("   %s %s%n", check.held() ? "ok:" : "FAILED:", check.claim());
            if (!check.held()) {
                out.printf("%s%n%s%n", indent("expected: " + check.expected()), indent("found:    " + check.actual()));
            }
        }
    }

    private static String prompt(Entry entry) {
        return "/* " + (entry.node() == null ? "all" : entry.node()) + " # */ ";
    }

    private static String phase(Event.Fault fault) {
        return switch (fault.phase()) {
            case DONE -> "";
            case OPENED -> " (begins)";
            case HEALED -> " (healed)";
        };
    }

    private static String result(Event.Sql sql) {
        return sql.result() instanceof Event.Done done
                ? CommandTag.of(sql.sql(), done.count())
                : sql.result().toString();
    }

    private static String indent(String text) {
        return text.lines().map(line -> "   " + line).collect(Collectors.joining("\n"));
    }
}
