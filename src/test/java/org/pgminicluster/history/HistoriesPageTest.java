package org.pgminicluster.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** docs/histories.md says what is so. */
class HistoriesPageTest {

    private static final Path PROFILES = Path.of("src/main/java/org/pgminicluster/history/Profile.java");
    private static final Pattern JAVA = Pattern.compile("(?s)<!-- the text of (\\S+) -->\n```java\n(.*?\n)```\n");

    private final String page = read(Path.of("docs/histories.md"));

    @Test
    void every_invariant_is_there_with_its_claim() {
        assertThat(page)
                .contains(Arrays.stream(Invariant.values())
                        .map(invariant -> "| " + invariant.id() + " | " + invariant.claim() + " |\n")
                        .collect(Collectors.joining("", "|---|---|\n", "\n")));
    }

    /** By its comment in the code. */
    @Test
    void every_profile_is_there_and_told_as_in_the_code() {
        String code = read(PROFILES);
        for (Profile profile : Profile.values()) {
            int end = code.indexOf("*/\n    " + profile + "(");
            String comment = code.substring(code.lastIndexOf("/**", end) + 3, end)
                    .replaceAll("\n     \\*", " ")
                    .replaceAll("\\{@code (\\w+)}", "`$1`")
                    .strip()
                    .replaceAll(" +", " ");

            assertThat(page).contains("| `" + profile + "` | " + comment + " |\n");
        }
    }

    @Test
    void everything_that_can_be_said_is_there() {
        assertThat(Arrays.stream(Histories.class.getDeclaredMethods())
                        .filter(method -> Modifier.isPublic(method.getModifiers()))
                        .filter(method -> !Modifier.isStatic(method.getModifiers()))
                        .map(Method::getName))
                .isNotEmpty()
                .allSatisfy(name -> assertThat(page).contains("\n| `." + name + "("));
    }

    @Test
    void what_is_shown_is_what_is_compiled() {
        assertThat(JAVA.matcher(page).results().map(MatchResult::group)).hasSize(2);
        assertThat(JAVA.matcher(page).results())
                .allSatisfy(block -> assertThat(block.group(2)).isEqualTo(read(Path.of(block.group(1)))));
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new AssertionError(file + " cannot be read", e);
        }
    }
}
