package org.pgminicluster.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.pgminicluster.MiniClusterException;
import org.pgminicluster.journal.Entry;
import org.pgminicluster.journal.Event;
import org.pgminicluster.journal.Row;
import org.pgminicluster.journal.Rows;
import org.pgminicluster.journal.Trace;

/** Reports of whole, damaged and hostile journals. */
class ReportTest {

    private static final List<String> SECTIONS = List.of(
            "topology", "matrix", "steps", "spacetime", "lag", "guard", "problems", "equality", "setup", "glossary");

    @TempDir
    private Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"en", "ru"})
    void every_section_is_in_both_forms_in_the_same_order(String language) {
        Report report = Report.of(Story.write(directory)).in(Locale.forLanguageTag(language));

        assertThat(Pattern.compile("<section id=\"(\\w+)\"")
                        .matcher(report.html())
                        .results())
                .extracting(found -> found.group(1))
                .isEqualTo(SECTIONS);
        assertThat(Pattern.compile("(?m)^## <a id=\"(\\w+)\">")
                        .matcher(report.markdown())
                        .results())
                .extracting(found -> found.group(1))
                .isEqualTo(SECTIONS);
        assertThat(report.html()).startsWith("<!DOCTYPE html>\n<html lang=\"" + language + "\">");
    }

    @Test
    void the_page_needs_nothing_else() {
        String html = Report.of(Story.write(directory)).html();

        assertThat(html)
                .doesNotContainPattern("(?i)<(iframe|object|embed|img|base)\\b")
                .doesNotContainPattern("(?i)\\b(src|srcset|action|onload|onclick|onerror)=")
                .doesNotContainPattern("(?i)url\\(|@import|\\bfetch\\(|XMLHttpRequest|\\bimport\\b")
                .doesNotContain("http://", "https://");
        assertThat(Pattern.compile("href=\"([^\"]*)\"").matcher(html).results())
                .extracting(found -> found.group(1))
                .allMatch(href -> href.startsWith("#") || href.equals("data:,"));
    }

    /** Whatever somebody gets into the page by a row, it does not run. */
    @Test
    void its_own_script_is_the_only_one_that_may_run() throws Exception {
        String html = Report.of(Story.write(directory)).html();

        List<String> scripts = Pattern.compile("(?s)<script>(.*?)</script>")
                .matcher(html)
                .results()
                .map(found -> found.group(1))
                .toList();
        assertThat(scripts).hasSize(1);
        byte[] digest =
                MessageDigest.getInstance("SHA-256").digest(scripts.get(0).getBytes(StandardCharsets.UTF_8));
        assertThat(html)
                .contains("content=\"default-src 'none';")
                .contains(" script-src 'sha256-" + Base64.getEncoder().encodeToString(digest) + "'\">");
        assertThat(Pattern.compile("<script").matcher(html).results())
                .as("its data and itself")
                .hasSize(2);
    }

    @Test
    void each_moment_has_what_is_other_than_before_it() throws Exception {
        String html = Report.of(Story.write(directory)).html();
        Matcher data = Pattern.compile("(?s)<script type=\"application/json\" id=\"page-data\">(.*?)</script>")
                .matcher(html);
        assertThat(data.find()).isTrue();

        JsonNode moments = new ObjectMapper().readTree(data.group(1)).path("moments");

        assertThat(moments.get(0).path("nodes").size()).as("all nodes at first").isEqualTo(4);
        assertThat(moments)
                .filteredOn(moment -> moment.path("nodes").has("vm2"))
                .extracting(moment -> moment.path("nodes").path("vm2").get(0).asText())
                .as("vm2 dies and comes back")
                .containsSubsequence("good", "bad", "good");
        assertThat(moments)
                .extracting(moment -> moment.path("kind").asText())
                .contains("step", "sql", "refused", "wait", "fault", "bad");
        assertThat(moments)
                .allSatisfy(moment -> assertThat(html)
                        .contains(" id=\"" + moment.path("anchor").asText() + "\""));
    }

    @Test
    void every_link_leads_somewhere() {
        String html = Report.of(Story.write(directory)).html();

        assertThat(Pattern.compile("href=\"#([^\"]*)\"").matcher(html).results())
                .extracting(found -> found.group(1))
                .isNotEmpty()
                .allSatisfy(id -> assertThat(html).contains(" id=\"" + id + "\""));
    }

    @Test
    void neither_passwords_nor_host_paths_are_in_it() {
        Report report = Report.of(Story.write(directory));

        for (String text : List.of(report.html(), report.markdown())) {
            assertThat(text)
                    .doesNotContain(Story.PASSWORD, "/home/someone", "/tmp/run-1", directory.toString())
                    .contains("password=********", "…/passfile", "/var/lib/postgresql/.pgpass");
        }
    }

    @Test
    void what_a_table_holds_is_shown_and_not_carried_out() {
        Report report = Report.of(Story.write(directory));

        assertThat(report.html()).contains("&lt;script&gt;alert(").doesNotContain("<script>alert");
        assertThat(report.markdown()).contains("/* vm1 # */ INSERT INTO test VALUES (2, '<script>");
        assertThat(report.markdown().replaceAll("(?s)```.*?```", "")).doesNotContain("<script");
    }

    @Test
    void the_verdict_is_that_of_the_checks() {
        assertThat(banner(Story.whole().stream().toList())).isEqualTo("✗ Not as expected: 1 of 2 checks failed.");
        assertThat(banner(without(entry -> entry instanceof Event.Check check && !check.held())))
                .isEqualTo("! All 1 checks held, but 1 waits were in vain.");
        assertThat(banner(without(entry -> entry instanceof Event.Check check && !check.held()
                        || entry instanceof Event.Wait wait && !wait.met())))
                .isEqualTo("✓ As expected: all 1 checks held.");
        assertThat(banner(without(entry -> entry instanceof Event.Check)))
                .isEqualTo("! Nothing was checked in this run.");
    }

    private static List<Entry> without(Predicate<Event> left) {
        List<Entry> rest = new ArrayList<>();
        for (Entry entry : Story.whole()) {
            if (!left.test(entry.event())) {
                rest.add(new Entry(rest.size() + 1, entry.millis(), entry.node(), entry.event()));
            }
        }
        return rest;
    }

    /** All that it takes for the report to be good, but not yet. */
    private static List<Entry> passed() {
        return without(entry ->
                entry instanceof Event.Check check && !check.held() || entry instanceof Event.Wait wait && !wait.met());
    }

    private static List<Entry> ofTwoChecks() {
        List<Entry> entries = new ArrayList<>();
        for (Event event : List.of(
                new Event.Started("story", "process", "13.23", List.of("vm1")),
                new Event.Check("vm1 has the row", "(1, é)", "(1, é)", true),
                new Event.Check("vm2 has the row", "(1)", "(1)", true),
                new Trace.Ended(3))) {
            entries.add(new Entry(entries.size() + 1, 1, null, event));
        }
        return entries;
    }

    @Test
    void a_journal_that_is_cut_anywhere_is_no_pass() throws Exception {
        byte[] whole = Files.readAllBytes(Story.write(directory, ofTwoChecks()));
        Path cut = directory.resolve("cut.jsonl");
        String unended = "! Incomplete: the journal has no end. The run goes on, or it was cut short. Checks so far: ";
        // The last byte is the end of the line, without which it is whole all the same.
        for (int end = 0; end < whole.length - 1; end++) {
            Files.write(cut, Arrays.copyOf(whole, end));

            assertThat(banner(Report.of(cut))).as("cut after %s bytes", end).startsWith(unended);
        }
        assertThat(banner(Report.of(cut))).isEqualTo(unended + "2, of which none failed.");
        assertThat(banner(Report.of(Files.write(cut, Arrays.copyOf(whole, whole.length - 1)))))
                .isEqualTo("✓ As expected: all 2 checks held.");
    }

    @Test
    void a_journal_that_lacks_any_line_is_no_pass() {
        List<String> lines = ofTwoChecks().stream().map(Story::json).toList();
        for (int i = 0; i < lines.size() - 1; i++) {
            List<String> fewer = new ArrayList<>(lines);
            fewer.remove(i);

            assertThat(banner(Report.of(Story.writeLines(directory, fewer))))
                    .as("without line %s", i + 1)
                    .startsWith(
                            "! Incomplete: a part of the journal is missing or cannot be read. Checks in the rest: ");
        }
    }

    @Test
    void a_run_that_was_broken_off_is_no_pass() {
        List<Entry> entries = new ArrayList<>(passed());
        Entry ended = entries.remove(entries.size() - 1);
        entries.add(new Entry(ended.seq(), 1, null, new Trace.BrokenOff("vm1 is gone")));
        entries.add(new Entry(ended.seq() + 1, 1, null, new Trace.Ended(ended.seq())));

        assertThat(banner(entries))
                .isEqualTo("! Incomplete: the run was broken off (vm1 is gone). Checks before that: 1, of which none"
                        + " failed.");
        assertThat(banner(Report.of(Story.write(directory, entries)).in(Locale.forLanguageTag("ru"))))
                .isEqualTo("! Не завершено: запуск прерван (vm1 is gone). Проверок до этого: 1, невыполненных нет.");
    }

    @Test
    void what_failed_before_the_journal_was_cut_is_told_first() {
        List<Entry> entries = Story.whole();

        assertThat(banner(entries.subList(0, entries.size() - 1)))
                .isEqualTo("✗ Not as expected: 1 of 2 checks failed.");
    }

    private String banner(List<Entry> entries) {
        return banner(Report.of(Story.write(directory, entries)));
    }

    private static String banner(Report report) {
        return report.markdown().lines().skip(2).findFirst().orElseThrow().replace("**", "");
    }

    @Test
    void of_a_damaged_journal_the_rest_is_shown_and_the_damage_told() {
        List<String> lines =
                new ArrayList<>(Story.whole().stream().map(Story::json).toList());
        lines.set(4, lines.get(4).substring(0, 40));
        lines.set(6, "\u0000\uFFFD no JSON at all");
        lines.add("{\"seq\":900,\"millis\":1,\"node\":null,\"event\":{\"kind\":\"of tomorrow\",\"x\":1}}");
        lines.add("{\"seq\":901,\"millis\":1,\"node\":null,\"event\":{\"kind\":\"check\",\"claim\":\"half\"}}");

        String html = Report.of(Story.writeLines(directory, lines)).html();

        assertThat(html)
                .contains("The journal is damaged. Lines that could not be read: 3 (number 6, 8, " + (lines.size() + 1)
                        + ").")
                .contains("Entries of a kind that this version does not know: 1.")
                .contains("vm3 has the row");
    }

    @Test
    void a_journal_that_ends_in_the_middle_of_a_letter_is_read_to_there() throws Exception {
        byte[] whole = Files.readAllBytes(Story.write(directory));
        for (int end : List.of(0, 1, 100, whole.length / 2, whole.length - 3)) {
            Path torn = Files.write(directory.resolve("torn.jsonl"), Arrays.copyOf(whole, end));

            assertThat(Report.of(torn).html()).as("cut after %s bytes", end).endsWith("</html>\n");
        }
    }

    @Test
    void an_empty_journal_is_said_to_be_one() throws Exception {
        Path empty = Files.writeString(directory.resolve("journal.jsonl"), "");

        assertThat(Report.of(empty).markdown()).contains("The journal holds no entry that can be read.");
    }

    @Test
    void a_journal_of_another_version_is_a_clear_error() throws Exception {
        Path journal = Story.write(directory);
        Files.writeString(journal, Files.readString(journal).replaceFirst("\"version\":2", "\"version\":3"));

        assertThatThrownBy(() -> Report.of(journal))
                .isInstanceOf(MiniClusterException.class)
                .hasMessage(
                        "expected " + journal + " to be a journal of version 2, but was of version 3; read it with the"
                                + " pg-minicluster that wrote it, or run again what it tells of");
    }

    @Test
    void waits_and_faults_are_told_in_the_language_of_the_reader() {
        Report report = Report.of(Story.write(directory)).in(Locale.forLanguageTag("ru"));

        assertThat(report.markdown().replace("\\", ""))
                .contains("подписка vm2_sub на vm2 скопировала все таблицы")
                .contains("Сбой (vm2): vm2 убит (SIGKILL); не осталось ни одного процесса сервера")
                .contains("Note over node_vm2: ! vm2 убит (SIGKILL)")
                .doesNotContain("every table of", "killed")
                .doesNotContainPattern("[а-яё)]\\. [а-яё]|\\) \\(|\\d (?:ms|s|kB|B)\\b");
        assertThat(report.html()).contains("vm2 убит (SIGKILL)").doesNotContain("every table of", "killed");
    }

    @Test
    void no_journal_is_a_clear_error() {
        Path none = directory.resolve("none.jsonl");

        assertThatThrownBy(() -> Report.of(none))
                .isInstanceOf(MiniClusterException.class)
                .hasMessage("expected " + none + " to be a journal that can be read, but was not (NoSuchFileException: "
                        + none + "); name the journal.jsonl of a run");
    }

    @Test
    void an_unwritable_path_is_a_clear_error() throws Exception {
        Report report = Report.of(Story.write(directory));
        Path inTheWay = Files.writeString(directory.resolve("file"), "");
        Path below = inTheWay.resolve("report.html");

        assertThatThrownBy(() -> report.writeHtml(below))
                .isInstanceOf(MiniClusterException.class)
                .hasMessage("expected " + below + " to be a file that can be written, but was not"
                        + " (FileAlreadyExistsException: " + inTheWay + "); choose another path");
    }

    @Test
    void files_are_written_with_the_directories_they_need() {
        Report report = Report.of(Story.write(directory));

        report.writeHtml(directory.resolve("a/b/report.html"));
        report.writeMarkdown(directory.resolve("a/c/report.md"));

        assertThat(directory.resolve("a/b/report.html"))
                .content(StandardCharsets.UTF_8)
                .isEqualTo(report.html());
        assertThat(directory.resolve("a/c/report.md"))
                .content(StandardCharsets.UTF_8)
                .isEqualTo(report.markdown());
    }

    @Test
    void a_lost_row_is_an_arrow_that_ends() {
        Report report = Report.of(Story.write(directory));

        assertThat(report.html()).contains("UPDATE test, vm1 → vm2: not seen to arrive");
        assertThat(report.markdown()).contains("node_vm1-xnode_vm2: not seen to arrive");
    }

    @Test
    void what_servers_said_of_a_problem_is_a_table_and_what_other_majors_do_is_told() {
        List<Entry> entries = new ArrayList<>(Story.whole());
        Entry ended = entries.remove(entries.size() - 1);
        String rows = new Rows(List.of("id", "name"), List.of(Row.of(1, "local"))).toString();
        for (Event.Note note : List.of(
                new Event.Note(Event.Note.Part.PROBLEM, "A local row", null),
                new Event.Note(Event.Note.Part.SYMPTOM, rows, "test"),
                new Event.Note(Event.Note.Part.SYMPTOM, "ERROR:  no\nDETAIL:  x | y", "log"),
                new Event.Note(Event.Note.Part.CURE, "Delete it.", null),
                new Event.Note(Event.Note.Part.MAJORS, "From 18 on it is told at length.", null),
                new Event.Note(Event.Note.Part.PROOF, rows, "test"))) {
            entries.add(new Entry(entries.size() + 1L, ended.millis(), "vm2", note));
        }
        entries.add(new Entry(entries.size() + 1L, ended.millis(), null, new Trace.Ended(entries.size())));
        Report report = Report.of(Story.write(directory, entries));

        String page = report.html().split("<section id=\"problems\"")[1].split("<section ")[0];
        assertThat(page)
                .contains(
                        "<caption>What one sees (vm2, test)</caption>\n<thead><tr><th scope=\"col\">id</th>",
                        "<th scope=\"row\">1</th><td>local</td>",
                        "<p class=\"plain\">What one sees (vm2, log):</p>\n<pre class=\"code\" tabindex=\"0\"><code>ERROR:  no\n"
                                + "DETAIL:  x | y</code>",
                        "<dt>Other majors (vm2)</dt><dd>From 18 on it is told at length.</dd>",
                        "<caption>Proof (vm2, test)</caption>")
                .doesNotContain("----");
        assertThat(report.markdown())
                .contains("**What one sees (vm2, test)**\n\n| id | name |\n| --- | --- |\n| 1 | local |\n")
                .contains("**Other majors (vm2):** From 18 on it is told at length.");
    }

    @Test
    void a_standby_is_a_dashed_arrow() {
        Report report = Report.of(Story.write(directory));

        assertThat(report.html()).contains("class=\"arrow good physical\"", "class=\"way physical\"");
        assertThat(report.markdown()).contains("node_vm3 -.->", "node_vm3-->>node_vm4: 3.0 ms");
    }

    /** What people have made since is in the picture of the end, and what they have dropped is not. */
    @Test
    void the_picture_has_what_the_cluster_was_found_to_have_become() {
        List<Entry> entries = new ArrayList<>(Story.whole());
        Trace.Layout found = new Trace.Layout(
                List.of(
                        new Trace.Member("vm1", "13.23", List.of("notes"), List.of(), List.of(), ""),
                        new Trace.Member("vm2", "13.23", List.of(), List.of(), List.of(), ""),
                        new Trace.Member("vm3", "13.23", List.of(), List.of("test"), List.of(), "")),
                List.of(
                        new Trace.Arrow("vm1", "vm3", false, "vm3_sub", List.of("other"), "vm3_sub", List.of("notes")),
                        new Trace.Arrow("vm1", "vm2", true, "vm2", List.of(), "by_hand", List.of())));
        entries.add(new Entry(entries.size() + 1, 99_000, null, found));

        String picture =
                Report.of(Story.write(directory, entries)).markdown().replaceAll("(?s).*?```mermaid\n(.*?)```.*", "$1");

        assertThat(picture)
                .contains("<br/>rw notes\"]", "node_vm1 -.->|\"vm2", "node_vm1 -->|\"vm3_sub")
                .as("of a node that did not answer it has what is known")
                .contains("node_vm3 -.->|\"vm4")
                .doesNotContain("rw test", "vm2_sub");
    }
}
