package org.pgminicluster.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The lesson that docs/lessons.md has as an example. */
final class LessonsDoc {

    private static final Pattern EXAMPLE = Pattern.compile("(?s)<!-- a lesson -->\n```json\n(.*?)```\n");

    private LessonsDoc() {}

    static String example() throws IOException {
        Matcher example = EXAMPLE.matcher(Files.readString(Path.of("docs/lessons.md")));
        if (!example.find()) {
            throw new AssertionError("no example in docs/lessons.md");
        }
        return example.group(1);
    }
}
