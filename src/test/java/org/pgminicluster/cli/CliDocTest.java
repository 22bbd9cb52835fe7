package org.pgminicluster.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** docs/cli.md shows what the commands print. */
class CliDocTest {

    private static final Pattern OUTPUT =
            Pattern.compile("(?s)<!-- the output of minicluster (.*?) -->\n```text\n(.*?)```\n");

    @TempDir
    Path directory;

    @Test
    void what_is_shown_is_what_is_printed() throws IOException {
        List<MatchResult> blocks = OUTPUT.matcher(Files.readString(Path.of("docs/cli.md")))
                .results()
                .toList();

        assertThat(blocks)
                .hasSize(4)
                .allSatisfy(block -> assertThat(new Cli(directory)
                                .run(block.group(1).split(" "))
                                .out())
                        .isEqualTo(block.group(2)));
    }
}
