package org.pgminicluster.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pgminicluster.MiniClusterException;
import org.pgminicluster.journal.Entry;

/** The report of a whole suite, from its results and journals. */
class SuiteReportTest {

    @TempDir
    private Path directory;

    private final ObjectMapper json = new ObjectMapper();
    private final ObjectNode results = json.createObjectNode().put("run", "now");
    private final ArrayNode scenarios = results.putArray("scenarios");

    private void scenario(String name, String outcome, @Nullable String reason, @Nullable Path logs) {
        ObjectNode scenario = scenarios.addObject();
        scenario.put("scenario", "org.pgminicluster.scenarios.SomeIT#" + name);
        scenario.put("displayName", name + "()");
        scenario.put("outcome", outcome);
        scenario.put("reason", reason);
        scenario.put(
                "place", outcome.equals("failed") ? "org.pgminicluster.SomeIT." + name + "(SomeIT.java:42)" : null);
        scenario.put("postgres", "13.23");
        scenario.put("servers", "process");
        scenario.put("logs", logs == null ? null : logs.toString());
        scenario.put("milliseconds", 1234);
        scenario.putArray("behaviours").add("some-behaviour");
    }

    private Path journal(String name) throws IOException {
        Path logs = Files.createDirectories(directory.resolve(name));
        Story.write(logs);
        return logs;
    }

    private String write() throws IOException {
        json.writeValue(directory.resolve("scenarios.json").toFile(), results);
        return Files.readString(SuiteReport.write(directory, Locale.ENGLISH));
    }

    @Test
    void failures_come_first_and_every_scenario_has_a_page() throws IOException {
        scenario("it_works", "passed", null, journal("a"));
        scenario("it_does_not", "failed", "expected <1> but was <2> in /home/someone/x/y", journal("b"));
        scenario("not_here", "skipped", "it needs 15", null);

        String index = write();

        assertThat(index).contains("3 scenarios: 1 passed, 1 failed, 1 skipped or aborted.");
        assertThat(Pattern.compile("<section id=\"(\\w+)\"").matcher(index).results())
                .extracting(found -> found.group(1))
                .containsExactly("failed", "skipped", "passed");
        assertThat(index)
                .contains("expected &lt;1&gt; but was &lt;2&gt; in …/y")
                .doesNotContain("/home/someone");
        assertThat(Files.readString(directory.resolve("report/SomeIT.it_does_not-.html")))
                .contains("Failed: expected &lt;1&gt;", "mvn verify -Dit.test=SomeIT#it_does_not ", "vm3 has the row");
        assertThat(index).contains("href=\"SomeIT.it_works-.html\"").doesNotContain("SomeIT.not_here-.html");
    }

    @Test
    void a_failure_is_a_sentence_with_its_line_and_its_evidence_is_laid_out_below() throws IOException {
        scenario(
                "it_waits",
                "failed",
                "org.pgminicluster.wait.WaitFailedException: waited for a row, not within 2.0 s\nlast seen: none\n\n"
                        + "=== cluster two\n--- vm1: running\n  walsenders\n     pid\n    -----\n       7\n    (1 row)\n"
                        + "  end of the log\n    a line",
                journal("a"));

        assertThat(write())
                .contains("<td>waited for a row, not within 2.0 s; last seen: none (SomeIT.java:42)</td>")
                .doesNotContain("walsenders");
        assertThat(Files.readString(directory.resolve("report/SomeIT.it_waits-.html")))
                .contains(
                        "</span> Failed: waited for a row, not within 2.0 s; last seen: none</p>",
                        "<dt>It failed at</dt><dd><code>org.pgminicluster.SomeIT.it_waits(SomeIT.java:42)</code></dd>",
                        "<h2 id=\"h-evidence\">What the failure shows</h2>",
                        "<caption>walsenders</caption>\n<thead><tr><th scope=\"col\">pid</th>",
                        "<code>a line</code></pre>");
    }

    @Test
    void a_run_of_which_a_jvm_did_not_end_is_not_green() throws IOException {
        scenario("it_works", "passed", null, journal("a"));
        results.putArray("open").add("a JVM that died");

        assertThat(write())
                .contains(
                        "<p class=\"fault\">",
                        "Incomplete: 1 test JVMs of this run have not ended. They still run,"
                                + " or they died with their results. 1 scenario: 1 passed, 0 failed, 0 skipped or aborted.");
    }

    @Test
    void what_passed_with_a_journal_that_was_cut_is_not_shown_as_if_all_were_known() throws IOException {
        Path logs = Files.createDirectories(directory.resolve("cut"));
        List<Entry> whole = Story.whole();
        Story.write(logs, whole.subList(0, whole.size() - 1));
        scenario("it_works", "passed", null, logs);

        write();

        assertThat(Files.readString(directory.resolve("report/SomeIT.it_works-.html")))
                .contains("Passed. Incomplete: the journal has no end. The run goes on, or it was cut short.");
    }

    @Test
    void pages_of_an_earlier_run_are_gone() throws IOException {
        Files.createDirectories(directory.resolve("report"));
        Path old = Files.writeString(directory.resolve("report/SomeIT.gone.html"), "");
        scenario("it_works", "passed", null, null);

        write();

        assertThat(old).doesNotExist();
    }

    @Test
    void names_that_are_tamed_alike_get_pages_of_their_own() throws IOException {
        Path logs = journal("a");
        scenario("it is", "passed", null, logs);
        scenario("it_is", "passed", null, logs);
        scenario("it/is", "passed", null, logs);

        write();

        try (Stream<Path> pages = Files.list(directory.resolve("report"))) {
            assertThat(pages).hasSize(4);
        }
    }

    @Test
    void hundreds_of_scenarios_take_seconds() throws IOException {
        for (int i = 0; i < 300; i++) {
            scenario("it_works_" + i, "passed", null, journal("dir" + i));
        }

        // Of CPU, which a busy machine takes no more of.
        long start = cpuNanos();
        write();

        assertThat((cpuNanos() - start) / 1_000_000)
                .as("ms of CPU for 300 pages")
                .isLessThan(30_000);
    }

    private static long cpuNanos() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    @Test
    void no_results_are_a_clear_error() {
        assertThatThrownBy(() -> SuiteReport.write(directory, Locale.ENGLISH))
                .isInstanceOf(MiniClusterException.class)
                .hasMessage("expected " + directory.resolve("scenarios.json")
                        + " to be the results of a run, but was not (FileNotFoundException); run the tests first");
    }

    @Test
    void runs_until_now_are_told_of_each_once() throws IOException {
        scenario("first", "passed", null, null);
        assertThat(write()).as("one run alone").doesNotContain("Runs until now");
        scenario("second", "failed", "expected 1, but was 2", null);
        assertThat(write()).as("another part of the same run").doesNotContain("Runs until now");
        Files.writeString(directory.resolve("runs.jsonl"), "torn {\n", StandardOpenOption.APPEND);

        results.put("run", "later");

        assertThat(write().replaceAll("(?s).*<section id=\"runs\"", ""))
                .contains("Runs until now")
                .containsOnlyOnce("<tbody>")
                .satisfies(section -> assertThat(
                                Pattern.compile("✗ 1 of 2").matcher(section).results())
                        .hasSize(2))
                .contains("<td>second()</td><td>13.23</td><td>process</td>");
        assertThat(directory.resolve("runs.jsonl")).content().contains("\"run\":\"now\"", "\"run\":\"later\"");
    }
}
