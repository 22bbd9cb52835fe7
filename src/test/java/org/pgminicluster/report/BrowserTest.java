package org.pgminicluster.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The page in a real browser, on wide and narrow screens, light and dark. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BrowserTest {

    /** Of each picture: its size on the screen, and the texts that stick out of it. */
    private static final String PICTURES = """
            [...document.querySelectorAll('svg')].map(svg => {
              const box = svg.getBoundingClientRect(), view = svg.viewBox.baseVal;
              const out = [...svg.querySelectorAll('text')].filter(text => {
                const b = text.getBBox();
                return b.x < view.x || b.y < view.y || b.x + b.width > view.x + view.width
                    || b.y + b.height > view.y + view.height;
              }).map(text => text.textContent);
              const folded = svg.closest('details:not([open]), [hidden]') !== null;
              return {name: svg.getAttribute('class'), shown: folded || box.width > 200 && box.height > 100,
                      texts: svg.querySelectorAll('text').length, named: !!svg.querySelector('title'), out: folded ? [] : out};
            })""";

    /** Of each picture that is shown: pairs of texts that lie on each other, with room for the space around letters. */
    private static final String OVERLAPS = """
            [...document.querySelectorAll('svg')].filter(svg => svg.closest('details:not([open])') === null).flatMap(svg => {
              const all = [...svg.querySelectorAll('text')].map(text => ({b: text.getBBox(), said: text.textContent}));
              return all.flatMap((one, i) => all.slice(i + 1).filter(other =>
                  Math.min(one.b.x + one.b.width, other.b.x + other.b.width) - Math.max(one.b.x, other.b.x) > 2
                  && Math.min(one.b.y + one.b.height, other.b.y + other.b.height) - Math.max(one.b.y, other.b.y) > 5)
                .map(other => svg.getAttribute('class') + ': ' + one.said + ' / ' + other.said));
            })""";

    /** The tables that cannot be seen whole. */
    private static final String CUT = """
            [...document.querySelectorAll('.scroll')].filter(box => box.querySelector('table'))
              .filter(box => box.scrollWidth > box.clientWidth)
              .map(box => box.querySelector('thead').textContent + ' ' + box.scrollWidth + ' > ' + box.clientWidth)""";

    @TempDir
    private static Path directory;

    private @Nullable Chromium chromium;
    private @Nullable Path page;
    private @Nullable Path journal;

    @BeforeAll
    void open() throws IOException {
        Optional<Path> installed = Chromium.installed();
        assumeTrue(installed.isPresent(), "no chromium on the path: install it to see the reports tested in a browser");
        page = directory.resolve("report.html");
        journal = Story.write(directory);
        Report.of(journal).in(Locale.ENGLISH).writeHtml(page);
        chromium = Chromium.start(installed.get(), directory);
    }

    @AfterAll
    void close() {
        if (chromium != null) {
            chromium.close();
        }
    }

    @ParameterizedTest
    @CsvSource({"1280, false", "1280, true", "390, false", "390, true"})
    void every_picture_is_drawn_and_nothing_is_asked_for_or_complained_of(int width, boolean dark) {
        Chromium browser = Objects.requireNonNull(chromium);
        Path file = Objects.requireNonNull(page);

        browser.open(file.toUri(), width, dark);

        JsonNode pictures = browser.evaluate(PICTURES);
        assertThat(pictures)
                .extracting(picture -> picture.path("name").asText())
                .containsExactly("topology", "topology", "topology", "spacetime", "lag");
        assertThat(pictures).allSatisfy(picture -> {
            assertThat(picture.path("shown").asBoolean())
                    .as("%s is shown", picture)
                    .isTrue();
            assertThat(picture.path("named").asBoolean())
                    .as("%s has a title", picture)
                    .isTrue();
            assertThat(picture.path("texts").asInt()).isGreaterThan(3);
            assertThat(picture.path("out"))
                    .as("texts of %s that stick out", picture.path("name"))
                    .isEmpty();
        });
        assertThat(browser.requests()).allMatch(url -> url.equals(file.toUri().toString()) || url.startsWith("data:"));
        assertThat(browser.complaints()).isEmpty();
        assertThat(browser.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
                        .asBoolean())
                .as("the page itself is not wider than the screen")
                .isTrue();
        String background = browser.evaluate("getComputedStyle(document.body).backgroundColor")
                .asText();
        assertThat(background).isEqualTo(dark ? "rgb(16, 21, 29)" : "rgb(246, 247, 249)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"en", "ru"})
    void nothing_lies_on_anything_else_and_no_table_is_cut_whatever_the_names(String language) throws IOException {
        Chromium browser = Objects.requireNonNull(chromium);
        String story = Files.readString(Objects.requireNonNull(journal));
        Path longNames = Files.createDirectories(directory.resolve(language)).resolve("journal.jsonl");
        // Long ones, and a row that two subscribers have missed.
        Files.writeString(
                longNames,
                story.replace("vm2_sub", "guard_vm4_vm3_test2_sub")
                        .replaceAll("(?m)^.*0/1000300.*\"arrival\".*\n", ""));
        Path html = directory.resolve(language).resolve("report.html");
        Report.of(longNames).in(Locale.forLanguageTag(language)).writeHtml(html);

        browser.open(html.toUri(), 1280, false);

        assertThat(browser.evaluate(OVERLAPS)).extracting(JsonNode::asText).isEmpty();
        assertThat(browser.evaluate(CUT)).extracting(JsonNode::asText).isEmpty();
    }

    /** As somebody does it who has no mouse. */
    @Test
    void the_arrow_keys_go_through_time() {
        Chromium browser = Objects.requireNonNull(chromium);
        browser.open(Objects.requireNonNull(page).toUri(), 1280, false);

        assertThat(browser.evaluate("document.getElementById('time').hidden").asBoolean())
                .isFalse();
        assertThat(states(browser)).isNotEmpty();
        browser.evaluate("document.querySelector('.act[aria-current]').focus()");
        List<String> seen = new ArrayList<>();
        for (int i = 0;
                i < browser.evaluate("document.querySelectorAll('.act').length").asInt();
                i++) {
            String state = browser.evaluate("document.querySelector('#time [data-node=vm2]').getAttribute('class')")
                    .asText();
            if (seen.isEmpty() || !seen.get(seen.size() - 1).equals(state)) {
                seen.add(state);
            }
            browser.press("ArrowDown");
        }
        assertThat(seen).containsSubsequence("node good", "node bad", "node good");
        assertThat(browser.evaluate("document.activeElement === [...document.querySelectorAll('.act')].pop()")
                        .asBoolean())
                .as("the last moment has the focus")
                .isTrue();
        browser.press("Home");
        assertThat(browser.evaluate("document.querySelector('#time output').textContent")
                        .asText())
                .startsWith("1 of ");
        assertThat(browser.complaints()).isEmpty();
    }

    private static JsonNode states(Chromium browser) {
        return browser.evaluate("[...document.querySelectorAll('#time .state')].map(it => it.textContent)");
    }

    @Test
    void what_is_typed_on_other_nodes_can_be_left_out_and_a_statement_copied() {
        Chromium browser = Objects.requireNonNull(chromium);
        browser.open(Objects.requireNonNull(page).toUri(), 1280, false);
        String prompts =
                "[...document.querySelectorAll('#steps .psql:not([hidden]) .prompt')].map(it => it.textContent)";
        assertThat(browser.evaluate(prompts)).extracting(JsonNode::asText).contains("/* vm1 # */", "/* vm2 # */");

        browser.evaluate("[...document.querySelectorAll('#steps .chip')].find(it => it.textContent === 'vm2').click()");

        assertThat(browser.evaluate(prompts))
                .extracting(JsonNode::asText)
                .isNotEmpty()
                .containsOnly("/* vm2 # */");
        browser.evaluate("document.execCommand = () => { window.copied = document.activeElement.value; return true; };"
                + "Object.defineProperty(navigator, 'clipboard', {value: undefined});"
                + "document.querySelector('#steps .psql:not([hidden]) .copy').click()");
        assertThat(browser.evaluate("window.copied").asText())
                .isEqualTo(browser.evaluate("document.querySelector('#steps .psql:not([hidden]) .sql').textContent")
                        .asText());
    }

    @Test
    void without_a_script_nothing_is_shown_that_would_do_nothing() {
        Chromium browser = Objects.requireNonNull(chromium);
        browser.send("Emulation.setScriptExecutionDisabled", Map.of("value", true));
        try {
            browser.open(Objects.requireNonNull(page).toUri(), 1280, false);

            assertThat(browser.evaluate("document.getElementById('time').hidden && !document.querySelector('button')")
                            .asBoolean())
                    .isTrue();
        } finally {
            browser.send("Emulation.setScriptExecutionDisabled", Map.of("value", false));
        }
    }

    @Test
    void an_index_is_searched_by_words() throws IOException {
        Chromium browser = Objects.requireNonNull(chromium);
        Path suite = Files.createDirectories(directory.resolve("suite"));
        ObjectMapper json = new ObjectMapper();
        ObjectNode results = json.createObjectNode().put("run", "now");
        ArrayNode scenarios = results.putArray("scenarios");
        for (int i = 0; i < 40; i++) {
            scenarios
                    .addObject()
                    .put("scenario", "org.pgminicluster.SomeIT#row_" + i + (i % 10 == 0 ? "_arrives" : "_is_lost"))
                    .put("displayName", "row_" + i + (i % 10 == 0 ? "_arrives" : "_is_lost"))
                    .put("outcome", i == 3 ? "failed" : "passed");
        }
        json.writeValue(suite.resolve("scenarios.json").toFile(), results);

        browser.open(SuiteReport.write(suite, Locale.ENGLISH).toUri(), 390, false);
        browser.press("/");
        browser.send("Input.insertText", Map.of("text", "ARRIVES row_2"));

        assertThat(browser.evaluate(
                        "[...document.querySelectorAll('tbody tr:not([hidden]) th')].map(it => it.innerText)"))
                .extracting(JsonNode::asText)
                .containsExactly("✓ row_20_arrives");
        assertThat(browser.evaluate("document.querySelector('.search output').textContent")
                        .asText())
                .isEqualTo("1 of 40 shown");
        assertThat(browser.evaluate("document.getElementById('failed').hidden").asBoolean())
                .isTrue();
        assertThat(browser.complaints()).isEmpty();
    }
}
