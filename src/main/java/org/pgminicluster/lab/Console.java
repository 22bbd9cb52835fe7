package org.pgminicluster.lab;

import java.io.PrintStream;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.pgminicluster.journal.Entry;
import org.pgminicluster.journal.Event;
import org.pgminicluster.journal.Trace;
import org.pgminicluster.journal.Words;
import org.pgminicluster.lab.lesson.Language;
import org.pgminicluster.lab.lesson.Texts;

/** Prints a journal while it is written, the way psql sessions side by side would look. */
final class Console {

    private final PrintStream out;
    private final Texts texts;
    private final Language language;
    private int steps;
    private boolean inList;
    private boolean quiet;

    Console(PrintStream out, Language language) {
        this.out = out;
        this.texts = Texts.ofLab(language);
        this.language = language;
    }

    /** Prints nothing for a while; chapters are counted all the same. */
    void quietly(boolean wanted) {
        quiet = wanted;
    }

    void print(Entry entry) {
        Event event = entry.event();
        if (event instanceof Event.Step && quiet) {
            steps++;
        }
        if (event instanceof Trace || quiet) {
            return;
        }
        if (event instanceof Event.Note note && note.part() == Event.Note.Part.PROBLEM) {
            // The chapter has the same title.
            return;
        }
        if (event instanceof Event.Note note && note.part() == Event.Note.Part.QUESTION) {
            out.printf("   %s%n", texts.get("question", note.text()));
            return;
        }
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
            String result = sql.shown();
            if (!result.isEmpty()) {
                out.println(result);
            }
        } else if (event instanceof Event.Wait wait) {
            out.printf(
                    "   %s%n",
                    texts.get(
                            wait.met() ? "waited" : "waited.in.vain",
                            Math.round(wait.millis()),
                            said(wait.what().words())));
        } else if (event instanceof Event.Started started) {
            out.println(texts.get("started", started.version(), String.join(", ", started.nodes()), started.servers()));
        } else if (event instanceof Event.Fault fault) {
            out.printf("%s%s%n", prompt(entry), phase(fault));
        } else if (event instanceof Event.TakenOver takenOver) {
            out.printf(
                    "%s%s%n",
                    prompt(entry),
                    texts.get(
                            takenOver.guarded() ? "failover.guarded" : "failover.plain",
                            takenOver.from(),
                            Math.round(takenOver.millis())));
            takenOver.remarks().forEach(remark -> out.printf("   %s%n", said(remark)));
        } else if (event instanceof Event.Observation observation) {
            out.printf("%s%n%s%n", observation.what(), indent(observation.text()));
        } else if (event instanceof Event.Check check) {
            out.printf("   %s %s%n", texts.get(check.held() ? "check.held" : "check.failed"), check.claim());
            if (!check.held()) {
                out.printf(
                        "%s%n%s%n",
                        indent(texts.get("check.expected", check.expected())),
                        indent(texts.get("check.found", check.actual())));
            }
        } else if (event instanceof Event.Note note) {
            print(entry.node(), note);
        }
    }

    private void print(@Nullable String node, Event.Note note) {
        String place =
                Stream.of(node, note.where()).filter(Objects::nonNull).collect(Collectors.joining(", ", " (", ")"));
        String head = texts.get("note." + note.part().name().toLowerCase(Locale.ROOT));
        out.printf("%s%s%n%s%n", head, place.equals(" ()") ? "" : place, indent(note.text()));
    }

    private static String prompt(Entry entry) {
        return "/* " + (entry.node() == null ? "all" : entry.node()) + " # */ ";
    }

    private String said(Words words) {
        return words.in(language.locale());
    }

    private String phase(Event.Fault fault) {
        return switch (fault.phase()) {
            case DONE -> said(fault.what());
            case OPENED -> texts.get("fault.opened", said(fault.what()));
            case HEALED -> texts.get("fault.healed", said(fault.what()));
        };
    }

    private static String indent(String text) {
        return text.lines().map(line -> "   " + line).collect(Collectors.joining("\n"));
    }
}
