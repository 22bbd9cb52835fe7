package org.pgminicluster.server.process;

import java.nio.charset.StandardCharsets;

/** Makes a file name of any text. */
final class FileNames {

    private FileNames() {}

    /**
     * Plain ASCII letters, digits, {@code _} and {@code -} stay, and dots after the first character; the rest is
     * percent-encoded. So two texts never share a name, none leads out of its directory, and a JVM whose locale is
     * POSIX, which cannot name a file otherwise, is able to write it.
     */
    static String of(String text) {
        StringBuilder name = new StringBuilder();
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (b & 0xff);
            boolean plain = c < 0x80 && (Character.isLetterOrDigit(c) || c == '_' || c == '-');
            if (plain || (c == '.' && !name.isEmpty())) {
                name.append(c);
            } else {
                name.append('%').append(String.format("%02X", (int) c));
            }
        }
        return name.isEmpty() ? "%" : name.toString();
    }
}
