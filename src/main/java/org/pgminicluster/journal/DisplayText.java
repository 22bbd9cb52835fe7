package org.pgminicluster.journal;

import java.util.Arrays;
import java.util.List;

/** How much room a text takes on a terminal, and what stands there for letters that have no form. */
final class DisplayText {

    private static final int TAB = 8;

    private DisplayText() {}

    /** The lines of a value, control characters written out as psql does. */
    static List<String> lines(String value) {
        return Arrays.stream(value.split("\n", -1)).map(DisplayText::visible).toList();
    }

    private static String visible(String line) {
        if (isPlain(line)) {
            return line;
        }
        StringBuilder visible = new StringBuilder();
        line.codePoints().forEach(letter -> {
            if (letter == '\t') {
                visible.append(" ".repeat(TAB - width(visible.toString()) % TAB));
            } else if (letter == '\r') {
                visible.append("\\r");
            } else if (Character.isISOControl(letter)) {
                visible.append(letter < 0x80 ? String.format("\\x%02X", letter) : String.format("\\u%04X", letter));
            } else {
                visible.appendCodePoint(letter);
            }
        });
        return visible.toString();
    }

    /** In columns: two for the wide letters of East Asia and for pictures, none for those that combine. */
    static int width(String text) {
        return isPlain(text)
                ? text.length()
                : text.codePoints().map(DisplayText::width).sum();
    }

    /** Most values are such, and a result may have millions of them. */
    private static boolean isPlain(String text) {
        for (int i = 0; i < text.length(); i++) {
            char letter = text.charAt(i);
            if (letter < ' ' || letter > '~') {
                return false;
            }
        }
        return true;
    }

    private static int width(int letter) {
        return switch (Character.getType(letter)) {
            case Character.NON_SPACING_MARK, Character.ENCLOSING_MARK, Character.FORMAT -> 0;
            default -> isWide(letter) ? 2 : 1;
        };
    }

    private static boolean isWide(int letter) {
        return letter >= 0x1100 && letter <= 0x115F
                || letter >= 0x2E80 && letter <= 0xA4CF && letter != 0x303F
                || letter >= 0xAC00 && letter <= 0xD7A3
                || letter >= 0xF900 && letter <= 0xFAFF
                || letter >= 0xFE30 && letter <= 0xFE6F
                || letter >= 0xFF00 && letter <= 0xFF60
                || letter >= 0xFFE0 && letter <= 0xFFE6
                || letter >= 0x1F300 && letter <= 0x1F64F
                || letter >= 0x1F900 && letter <= 0x1F9FF
                || letter >= 0x20000 && letter <= 0x3FFFD;
    }
}
