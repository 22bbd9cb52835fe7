package org.pgminicluster.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.pgminicluster.journal.Entry;
import org.pgminicluster.journal.Event;
import org.pgminicluster.journal.Trace;
import org.pgminicluster.journal.Trace.Judged;
import org.pgminicluster.journal.Trace.Sighting;
import org.pgminicluster.journal.Trace.Verdict;

/** The page of a homework that was checked. */
class CheckReportTest {

    @TempDir
    private Path directory;

    private Report report(String language, Judged... points) {
        List<Event> events = new ArrayList<>();
        events.add(new Trace.Run("A check", "minicluster check", "2026-01-02T03:04:05Z", language));
        events.add(new Trace.Examined(
                List.of(
                        new Trace.Place("vm1", "10.0.0.1:5432", "postgres", "rep"),
                        new Trace.Place("vm2", "10.0.0.2:5433", "postgres", "")),
                "13.23: vm1, vm2",
                "Nothing was written."));
        events.addAll(List.of(points));
        events.add(new Trace.Ended(events.size()));
        List<Entry> entries = new ArrayList<>();
        for (Event event : events) {
            entries.add(new Entry(entries.size() + 1, entries.size(), null, event));
        }
        return Report.of(Story.write(directory, entries));
    }

    private static Judged point(String title, Verdict verdict, String seen) {
        return new Judged(title, verdict, "Since it matters.", List.of(new Sighting(verdict, seen, null)));
    }

    @Test
    void every_point_is_there_with_what_was_seen_and_why_it_matters() {
        Report report = report(
                "en",
                point("The servers answer", Verdict.DONE, "13.23."),
                new Judged(
                        "The slots",
                        Verdict.WRONG,
                        "Slots keep WAL.",
                        List.of(
                                new Sighting(Verdict.WRONG, "A slot <b>is left", "slot-left"),
                                new Sighting(Verdict.REMARK, "CONNECTION 'password=abc'", null))));

        assertThat(report.html())
                .contains("<p class=\"bad\"><span class=\"sign\" aria-hidden=\"true\">✗</span> Points done: 1 of 2."
                        + " Wrong: 1. Notes: 1.</p>")
                .contains("13.23: vm1, vm2", "10.0.0.1:5432", "the one that was found", "Nothing was written.")
                .contains("A slot &lt;b&gt;is left", "More: minicluster explain slot-left")
                .contains("Why it matters: Slots keep WAL.", "Note: CONNECTION")
                .doesNotContain("password=abc", "Glossary", "0 statements");
        assertThat(Pattern.compile("<section id=\"(\\w+)\"")
                        .matcher(report.html())
                        .results())
                .extracting(found -> found.group(1))
                .containsExactly("points", "servers");
        assertThat(report.markdown())
                .contains("**✗ Points done: 1 of 2. Wrong: 1. Notes: 1.**")
                .contains("| 2 | [The slots](#point-2) | ✗ wrong |")
                .contains("| vm1 | <code>10.0.0.1:5432</code> | postgres | rep |")
                .doesNotContain("password=abc");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "DONE | ✓ All 1 points are done.",
                "NOT_YET | ! Points done: 0 of 1. Not yet: 1.",
                "UNTOLD | ! Points done: 0 of 1. Cannot be told: 1.",
                "WRONG | ✗ Points done: 0 of 1. Wrong: 1."
            })
    void the_verdict_is_that_of_the_points(Verdict verdict, String banner) {
        String html = report("en", point("A point", verdict, "Seen.")).html();

        assertThat(html.replaceAll("(?s).*?</h1>\n<p[^>]*>(.*?)</p>.*", "$1").replaceAll("<[^>]+>", ""))
                .isEqualTo(banner);
    }

    @Test
    void the_page_is_in_the_language_of_the_run() {
        assertThat(report("ru", point("Точка", Verdict.DONE, "Видно.")).html())
                .startsWith("<!DOCTYPE html>\n<html lang=\"ru\">")
                .contains("Все пункты (1) выполнены.");
    }
}
