package org.pgminicluster.speed;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/** Reads the little of Markdown that people write for the page: headings, paragraphs, lists and tables. */
final class Fragment {

    private Fragment() {}

    static List<Block> resource(String name) {
        try (InputStream in = Objects.requireNonNull(Fragment.class.getResourceAsStream(name), name)) {
            return parse(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static List<Block> parse(String markdown) {
        List<Block> blocks = new ArrayList<>();
        for (String part : markdown.strip().split("\\n\\s*\\n")) {
            if (!part.isBlank()) {
                blocks.add(block(part.strip()));
            }
        }
        return blocks;
    }

    private static Block block(String part) {
        if (part.startsWith("#")) {
            int level = part.length() - part.replaceFirst("^#+", "").length();
            return new Block.Heading(level, part.substring(level).strip());
        }
        if (part.startsWith("|")) {
            List<List<String>> rows = part.lines().map(Fragment::cells).toList();
            return new Block.Table(rows.get(0), rows.subList(Math.min(2, rows.size()), rows.size()));
        }
        if (part.startsWith("- ")) {
            return new Block.Items(Arrays.stream(part.substring(2).split("\\n- "))
                    .map(Fragment::oneLine)
                    .toList());
        }
        return new Block.Text(oneLine(part));
    }

    private static List<String> cells(String line) {
        String inside = line.strip().replaceAll("^\\||\\|$", "");
        return Arrays.stream(inside.split("\\|", -1)).map(String::strip).toList();
    }

    private static String oneLine(String text) {
        return text.replaceAll("\\s*\\n\\s*", " ").strip();
    }
}
