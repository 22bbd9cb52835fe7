package org.pgminicluster.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
              const folded = svg.closest('details:not([open])') !== null;
              return {name: svg.getAttribute('class'), shown: folded || box.width > 200 && box.height > 100,
                      texts: svg.querySelectorAll('text').length, named: !!svg.querySelector('title'), out: folded ? [] : out};
            })""";

    @TempDir
    private static Path directory;

    private @Nullable Chromium chromium;
    private @Nullable Path page;

    @BeforeAll
    void open() throws IOException {
        Optional<Path> installed = Chromium.installed();
        assumeTrue(installed.isPresent(), "no chromium on the path: install it to see the reports tested in a browser");
        page = directory.resolve("report.html");
        Report.of(Story.write(directory)).in(Locale.ENGLISH).writeHtml(page);
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
                .containsExactly("topology", "topology", "spacetime", "lag");
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
}
