package org.pgminicluster.report;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.pgminicluster.report.Block.Tone;

/** What a test's failure says: one sentence of it is the verdict, and all of it is evidence, laid out. */
final class FailureText {

    private static final int MOST = 300;

    private static final Pattern CLASS = Pattern.compile("\\A(?:[\\w$]+\\.)+([\\w$]+)(?::\\s*|\\z)");
    private static final Pattern SAYS_NO_MORE =
            Pattern.compile("org\\.pgminicluster\\..*|.*\\.(Assertion\\w*|ComparisonFailure)");

    private final String text;
    private final List<Block> blocks = new ArrayList<>();
    private final List<String> lines = new ArrayList<>();
    private String title = "";

    private FailureText(String text) {
        this.text = text;
    }

    /** Its first paragraph as one sentence, without the name of a class that says no more than that it failed. */
    static String sentence(String reason) {
        String stripped = reason.strip();
        Matcher named = CLASS.matcher(stripped);
        String name = "";
        if (named.find()) {
            String full = named.group().replaceAll(":\\s*$", "");
            stripped = stripped.substring(named.end()).strip();
            boolean saysNoMore = SAYS_NO_MORE.matcher(full).matches() && !stripped.isEmpty();
            name = saysNoMore ? "" : named.group(1) + (stripped.isEmpty() ? "" : ":");
        }
        StringBuilder sentence = new StringBuilder(name);
        for (String line : stripped.split("\n\\s*\n", 2)[0].split("\n")) {
            String part = line.strip();
            if (!part.isEmpty()) {
                sentence.append(between(sentence)).append(part);
            }
        }
        return TopologyPicture.shorten(sentence.toString(), MOST);
    }

    private static String between(CharSequence before) {
        if (before.length() == 0) {
            return "";
        }
        char last = before.charAt(before.length() - 1);
        return Character.isLetterOrDigit(last) || ")\">".indexOf(last) >= 0 ? "; " : " ";
    }

    /** All of it: what is a table becomes one, all else stays as it was written; empty if the sentence says it all. */
    static List<Block> evidence(String reason) {
        return reason.strip().contains("\n") || reason.strip().length() > MOST
                ? new FailureText(reason.strip()).layOut()
                : List.of();
    }

    /** A node's state is a line of its own, what was read of it stands further in, and results and logs furthest. */
    private List<Block> layOut() {
        boolean inNode = false;
        for (String line : text.split("\n", -1)) {
            if (line.startsWith("=== ") || line.startsWith("--- ")) {
                finish();
                inNode = line.startsWith("--- ");
                blocks.add(new Block.Heading("evidence-" + blocks.size(), line.substring(4)));
            } else if (inNode && line.startsWith("    ")) {
                lines.add(line.substring(4));
            } else if (inNode && line.startsWith("  ") && !line.isBlank()) {
                finish();
                title = line.strip();
            } else {
                if (inNode) {
                    finish();
                }
                inNode = false;
                lines.add(line);
            }
        }
        finish();
        return blocks;
    }

    private void finish() {
        String body = String.join("\n", lines).stripTrailing();
        if (!title.isEmpty() && body.isEmpty()) {
            blocks.add(new Block.Text(Tone.PLAIN, title));
        } else if (!title.isEmpty()) {
            blocks.addAll(PsqlResult.below(title, body));
        } else if (!body.isBlank()) {
            blocks.add(new Block.Code("text", body));
        }
        lines.clear();
        title = "";
    }
}
