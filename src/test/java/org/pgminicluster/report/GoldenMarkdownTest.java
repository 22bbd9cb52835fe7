package org.pgminicluster.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The whole Markdown of a story, as somebody has read and approved it. After a change on purpose run it with {@code
 * -Dminicluster.golden=write}, and read the difference before it is committed.
 */
class GoldenMarkdownTest {

    private static final Path GOLDEN = Path.of("src/test/resources/org/pgminicluster/report/story.md");

    @Test
    void the_markdown_is_the_one_that_was_approved(@TempDir Path directory) throws IOException {
        String markdown = masked(Report.of(Story.write(directory)).markdown());
        if ("write".equals(System.getProperty("minicluster.golden"))) {
            Files.writeString(GOLDEN, markdown);
        }

        assertThat(markdown).isEqualTo(Files.readString(GOLDEN));
    }

    /** What differs from run to run though nothing has changed. */
    private static String masked(String markdown) {
        return markdown.replaceAll("\\b[0-9A-F]+/[0-9A-F]{5,8}\\b", "LSN")
                .replaceAll("\\[\\d+\\]", "[PID]")
                .replaceAll("\\b\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d(\\.\\d+)?", "TIME")
                .replaceAll("\\+\\d+\\.\\d{3} s", "+T s")
                .replaceAll("\\b\\d+(\\.\\d+)? (ms|s)\\b", "N ms");
    }
}
