package org.pgminicluster.lab;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.pgminicluster.journal.Entry;
import org.pgminicluster.journal.Event;
import org.pgminicluster.journal.Event.Note;
import org.pgminicluster.journal.Event.Note.Part;
import org.pgminicluster.lab.lesson.Language;
import org.pgminicluster.lab.lesson.Problem;
import org.pgminicluster.lab.lesson.Texts;

/** docs/problems.md: what the runs of all problems have recorded. */
final class ProblemsPage {

    /** A query that changes nothing. */
    private static final Pattern LOOK = Pattern.compile("(?is)select (?!.*\\b(setval|pg_create|pg_drop|pg_reload"
            + "|pg_promote|pg_switch_wal|pg_terminate|pg_replication_slot_advance|pg_replication_origin_advance)).*");

    private final Texts texts = Texts.ofProblems(Language.EN);
    private final PageMask mask = new PageMask();
    private final Map<String, List<Entry>> runs;
    private final int major;

    ProblemsPage(Map<String, List<Entry>> runs, int major) {
        this.runs = runs;
        this.major = major;
    }

    String text() {
        return HEAD.formatted(major, list())
                + Lab.problems().stream().map(this::section).collect(Collectors.joining("\n"))
                + TAIL;
    }

    private String list() {
        return Lab.problems().stream()
                .map(problem -> "- [%s](#%s)\n".formatted(title(problem), problem.id()))
                .collect(Collectors.joining());
    }

    private String title(Problem problem) {
        return texts.get(problem.id() + ".title");
    }

    private String section(Problem problem) {
        List<Entry> entries = runs.getOrDefault(problem.id(), List.of());
        String majors = texts.find(problem.id() + ".majors")
                .map(differs -> "\n**Other majors.** " + differs + "\n")
                .orElse("");
        double told = when(entries, Part.PROBLEM), cured = when(entries, Part.CURE), proved = when(entries, Part.PROOF);
        return """

                <a id="%s"></a>

                ## %s

                %s

                **How it was made to happen**

                %s
                **What one sees**

                %s
                **Why.** %s

                **What helps.** %s

                %s
                **The proof**

                %s%s
                Scenario: `ProblemsIT`, `%s`. Manual: [%s](%s).
                """.formatted(
                        problem.id(),
                        title(problem),
                        texts.get(problem.id() + ".question"),
                        block("sql", carriedOut(entries, told, cured)),
                        notes(entries, Part.SYMPTOM),
                        texts.get(problem.id() + ".cause"),
                        texts.get(problem.id() + ".cure"),
                        block("sql", carriedOut(entries, cured, proved)),
                        notes(entries, Part.PROOF),
                        majors,
                        problem.id(),
                        problem.page(),
                        problem.manual(major));
    }

    private String notes(List<Entry> entries, Part part) {
        return entries.stream()
                .filter(entry -> entry.event() instanceof Note note && note.part() == part)
                .map(entry -> shown(entries, entry, (Note) entry.event()))
                .distinct()
                .collect(Collectors.joining("\n"));
    }

    /** As psql would show it: a statement and what came of it. What was logged has no statement. */
    private String shown(List<Entry> entries, Entry entry, Note note) {
        boolean logged = "log".equals(note.where());
        String asked = logged
                ? ""
                : Stream.of(entries)
                        .flatMap(all -> all.stream().filter(other -> other.seq() < entry.seq()))
                        .filter(other ->
                                other.event() instanceof Event.Sql && Objects.equals(entry.node(), other.node()))
                        .reduce((first, second) -> second)
                        .map(this::statement)
                        .map(statement -> statement + "\n")
                        .orElse("");
        String place = logged ? "In the log of " + entry.node() + ":" : "On " + entry.node() + ":";
        return place + "\n\n" + block("text", asked + mask.mask(note.text()));
    }

    /** What was carried out from the beginning of one chapter to that of the next one, or to the last proof. */
    private String carriedOut(List<Entry> entries, double from, double to) {
        return entries.stream()
                .filter(entry -> entry.event() instanceof Event.Fault || isChange(entry.event()))
                .filter(entry -> begun(entry) >= from && begun(entry) < to)
                // A statement that was held up is recorded when it ended.
                .sorted(Comparator.comparingDouble(ProblemsPage::begun))
                .map(this::statement)
                .collect(Collectors.collectingAndThen(Collectors.toList(), ProblemsPage::withoutRepeats));
    }

    /** How often the same thing is done until it takes effect differs from run to run. */
    private static String withoutRepeats(List<String> statements) {
        return IntStream.range(0, statements.size())
                .filter(i -> i == 0 || !statements.get(i).equals(statements.get(i - 1)))
                .mapToObj(statements::get)
                .collect(Collectors.joining("\n"));
    }

    private static boolean isChange(Event event) {
        return event instanceof Event.Sql sql
                && !(sql.result() instanceof Event.Failed)
                && !LOOK.matcher(sql.sql().strip()).matches();
    }

    private static double begun(Entry entry) {
        return entry.event() instanceof Event.Sql sql ? entry.millis() - sql.millis() : entry.millis();
    }

    private static double when(List<Entry> entries, Part part) {
        return entries.stream()
                .filter(entry -> entry.event() instanceof Note note && note.part() == part)
                .mapToDouble(Entry::millis)
                .reduce((first, second) -> second)
                .orElse(0);
    }

    private String statement(Entry entry) {
        String what = entry.event() instanceof Event.Sql sql
                ? sql.sql().strip() + ";"
                : "-- " + fault((Event.Fault) entry.event());
        return "/* " + entry.node() + " # */ " + mask.mask(what);
    }

    private static String fault(Event.Fault fault) {
        return fault.what() + (fault.phase() == Event.Fault.Phase.HEALED ? ", healed" : "");
    }

    private static String block(String language, String text) {
        return "```" + language + "\n" + text.stripTrailing() + "\n```\n";
    }

    private static final String HEAD = """
            # Problems that people meet

            Each of these was made to happen on real servers, PostgreSQL %s, cured there, and the cure was proved by a row
            that arrived. What servers say is quoted from that run; only what differs from run to run is masked, such as
            `<LSN>` and `<address>`. This page is written by `ProblemsIT`; do not edit it by hand.

            %s""";

    private static final String TAIL = """

            ## What is not covered

            - **Power loss.** The servers run with `fsync = off` and are ended by signals. What the disk would have lost
              is never lost here, so nothing on this page says what survives when the power fails.
            - **The clock.** No clock is set back or forward. What depends on time stamps, such as which of two conflicting
              rows is newer, is not shown.
            - **Disks that are full, and broken data.** A slot that keeps WAL is shown; a publisher that stops because
              of it is not.
            """;
}
