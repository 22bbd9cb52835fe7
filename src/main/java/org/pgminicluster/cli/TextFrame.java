package org.pgminicluster.cli;

import java.util.List;

/** Lines in a frame, with a title in its upper edge. */
final class TextFrame {

    private TextFrame() {}

    static String of(String title, List<String> lines) {
        int width = Math.max(
                title.length() + 2,
                lines.stream().mapToInt(String::length).max().orElse(0));
        StringBuilder box = new StringBuilder();
        box.append("┌ ")
                .append(title)
                .append(' ')
                .append("─".repeat(width - title.length()))
                .append("┐\n");
        lines.forEach(line -> box.append("│ ")
                .append(line)
                .append(" ".repeat(width - line.length()))
                .append(" │\n"));
        return box.append('└').append("─".repeat(width + 2)).append('┘').toString();
    }
}
