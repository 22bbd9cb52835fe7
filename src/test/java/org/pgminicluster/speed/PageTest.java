package org.pgminicluster.speed;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.StringReader;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.xml.sax.InputSource;

/** The same figures as HTML and as Markdown. */
class PageTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    @Test
    void a_goal_that_was_reached_and_one_that_was_not_are_told_apart() throws IOException {
        assertThat(markdown("""
                {"container": {"ratio": 9.9, "jvmMiB": 3}, "process": {"ratio": 22.2, "cpuSeconds": 0.6}}""")).contains("""
                        | what | measured | goal |  |
                        | --- | --- | --- | --- |
                        | containers, times faster than plain Testcontainers | 9.90 | at least 10 | **not reached** |
                        | processes, times faster than plain Testcontainers | 22.2 | at least 20 | reached |
                        | three nodes as processes, CPU-seconds | 0.600 s | at most 0.6 s | reached |
                        | the JVM's part of a cluster, containers | 3.00 MiB | at most 20 MiB | reached |
                        """);
    }

    @Test
    void a_scenario_is_told_by_its_phases_and_by_bars() throws IOException {
        assertThat(markdown(scenario()))
                .contains(
                        """
                        | way | start and set up | converge | close | total | CPU-seconds |
                        | --- | --- | --- | --- | --- | --- |
                        | Testcontainers, one after another | 5 600 ms | 5 200 ms | 1 200 ms | 12 000 ms | 6.00 |
                        | ours, processes | 350 ms | 90.0 ms | 60.0 ms | 500 ms | 0.600 |

                        | A scenario | ms |  |
                        | --- | --- | --- |
                        | Testcontainers, one after another | 12 000 | `████████████████████████████████████████` |
                        | **ours, processes** | 500 | `██` |
                        """,
                        "| ours, processes | 24.0 times | not measured | not measured | 700 ms | 520 ms | 0.550 |");
    }

    @Test
    void what_was_not_measured_has_no_section() throws IOException {
        assertThat(headings(markdown("{\"detectOverheadMillis\": 3}")))
                .containsExactly("# Performance", "## Goals", "## Ideas measured", "## The suite", "## Run it");
        assertThat(headings(markdown(everything()))).contains("## Growth", "### star", "## Throughput and lag");
    }

    @Test
    void growth_is_told_with_its_exponents_and_what_is_worse_than_linear_stands_out() throws IOException {
        assertThat(markdown(everything()))
                .contains("**Worse than linear: start ms from 3 to 6 (exponent 2.00).**")
                .contains("""
                        | nodes | start ms |
                        | --- | --- |
                        | 3 | 100 |
                        | 6 | 400 (2.00) |
                        """);
    }

    @Test
    void the_html_is_one_well_formed_file_without_scripts_that_asks_for_nothing() throws Exception {
        String html = html(everything());

        assertThat(html).doesNotContain("<script", "http:", "https:", "src=", "@import", "url(");
        // The parts of it that XML knows, too.
        String body = html.substring(html.indexOf("<body>"), html.indexOf("</html>"));
        assertThat(DocumentBuilderFactory.newInstance()
                        .newDocumentBuilder()
                        .parse(new InputSource(new StringReader(body)))
                        .getElementsByTagName("svg")
                        .getLength())
                .isEqualTo(2);
    }

    @Test
    void every_picture_stays_within_its_edges() throws IOException {
        Pattern places = Pattern.compile(" (?:cx|x)=\"([-\\d.]+)\"");

        assertThat(places.matcher(html(everything())).results().map(PageTest::number))
                .isNotEmpty()
                .allSatisfy(x -> assertThat(x).isBetween(0.0, 760.0));
    }

    @Test
    void bars_are_as_long_as_their_figures_say() throws IOException {
        Pattern widths = Pattern.compile("<rect class=\"(?:ours|other)\"[^>]* width=\"([\\d.]+)\"");

        List<Double> lengths =
                widths.matcher(html(scenario())).results().map(PageTest::number).toList();

        assertThat(lengths).hasSize(2);
        assertThat(lengths.get(0) / lengths.get(1)).isBetween(23.5, 24.5);
    }

    @Test
    void both_have_the_same_cells() throws IOException {
        String html = html(everything());

        assertThat(markdown(everything()).lines().filter(line -> line.startsWith("| ") && !line.contains("█")))
                .isNotEmpty()
                .allSatisfy(line -> {
                    for (String cell : line.substring(2).split(" \\| ?")) {
                        assertThat(html)
                                .contains(
                                        cell.equals("---")
                                                ? ""
                                                : HtmlPage.escape(cell)
                                                        .replace("**", "")
                                                        .replaceAll("`([^`]*)`", "<code>$1</code>"));
                    }
                });
    }

    @Test
    void what_a_person_wrote_is_escaped_and_laid_out() {
        List<Block> blocks = Fragment.parse("""
                ## Ideas <one>

                Two lines
                of **text** with `a < b`.

                - one
                  item
                - two

                | idea | gain |
                |---|---|
                | hard links | 3 ms |
                """);

        assertThat(HtmlPage.of("t", blocks))
                .contains(
                        "<h2>Ideas &lt;one&gt;</h2>",
                        "<p>Two lines of <strong>text</strong> with <code>a &lt; b</code>.</p>",
                        "<li>one item</li>\n<li>two</li>",
                        "<th scope=\"row\">hard links</th><td class=\"figure\">3 ms</td>");
        assertThat(MarkdownPage.of(blocks)).isEqualTo("""
                ## Ideas <one>

                Two lines of **text** with `a < b`.

                - one item
                - two

                | idea | gain |
                | --- | --- |
                | hard links | 3 ms |
                """);
    }

    private static double number(MatchResult found) {
        return Double.parseDouble(found.group(1));
    }

    private static List<String> headings(String markdown) {
        return markdown.lines().filter(line -> line.startsWith("#")).toList();
    }

    private static String markdown(String json) throws IOException {
        return MarkdownPage.of(PageText.of(JSON.readTree(json)));
    }

    private static String html(String json) throws IOException {
        return HtmlPage.of(PageText.TITLE, PageText.of(JSON.readTree(json)));
    }

    private static String scenario() {
        return """
                {"phases": {"plain": {"start": 5600, "converge": 5200, "close": 1200},
                            "process": {"start": 350, "converge": 90, "close": 60}},
                 "process": {"plainMillis": 12000, "plainCpuSeconds": 6, "ourMillis": 500, "ratio": 24, "firstMillis": 700,
                             "streakMillis": 520, "cpuSeconds": 0.6, "ownCpuSeconds": 0.55}}""";
    }

    private static String everything() throws IOException {
        Results results = new Results();
        ((ObjectNode) JSON.readTree(scenario()))
                .properties()
                .forEach(it -> results.root().set(it.getKey(), it.getValue()));
        results.object("machine").put("processor", "One & <only>");
        new Series(
                        "star",
                        "nodes",
                        List.of(
                                new Series.Point(3, Map.of("start ms", 100.0)),
                                new Series.Point(6, Map.of("start ms", 400.0))))
                .writeTo(results);
        results.object("throughput").put("writer", "pgbench");
        results.object("throughput").withObjectProperty("process").put("aloneRowsPerSecond", 9000);
        results.object("detect")
                .withObjectProperty("process")
                .withObjectProperty("awaitConverged")
                .put("median", 4);
        results.object("isolation").withObjectProperty("process").put("ownClusterMillis", 400);
        return results.root().toString();
    }
}
