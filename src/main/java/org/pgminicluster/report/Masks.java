package org.pgminicluster.report;

import java.util.Set;
import java.util.regex.Pattern;

/** Takes out of a journal's texts what nobody outside should read: passwords and where things lie on this machine. */
final class Masks {

    private static final String HIDDEN = "********";

    /** What a person is to type elsewhere: paths in it are not this machine's. */
    private static final Set<String> FOR_OTHER_MACHINES = Set.of("script");

    private static final Pattern CONNINFO_PASSWORD = Pattern.compile(
            "\\b((?:ssl)?password\\s*=\\s*)(?:''[^']*''|'[^']*'|\"[^\"]*\"|[^\\s'\"&;,)]+)", Pattern.CASE_INSENSITIVE);
    private static final Pattern SQL_PASSWORD =
            Pattern.compile("\\b(PASSWORD\\s+)(?:E?'(?:[^']|'')*')", Pattern.CASE_INSENSITIVE);
    private static final Pattern URL_PASSWORD = Pattern.compile("(://[^/\\s:@]+:)[^@\\s/]+(?=@)");
    private static final Pattern HASH = Pattern.compile("SCRAM-SHA-256\\$[^\\s'\"]+|\\bmd5[0-9a-f]{32}\\b(?=')");

    /** An absolute path of at least two names; the last one may stay. LSNs, URLs and comments are none. */
    private static final Pattern PATH = Pattern.compile(
            "(?<![\\w/.:<*…~-])~?/(?:[\\w.@+~-]+/)+([\\w.@+~-]*)|\\b[A-Za-z]:\\\\(?:[^\\\\\\s'\"]+\\\\)*([^\\\\\\s'\"]*)");

    /** A report is looked at in terminals, too, which obey such. */
    private static final Pattern CONTROL = Pattern.compile("[\\x00-\\x08\\x0B\\x0C\\x0E-\\x1F\\x7F-\\x9F]");

    private Masks() {}

    /** The text of a field of that name without them, and with control characters written out as psql does. */
    static String mask(String field, String text) {
        String masked = text;
        if (mayBeObeyed(text)) {
            masked = CONTROL.matcher(masked)
                    .replaceAll(found ->
                            String.format("\\\\x%02X", (int) found.group().charAt(0)));
        }
        if (mayHoldPassword(text)) {
            masked = CONNINFO_PASSWORD.matcher(masked).replaceAll("$1" + HIDDEN);
            masked = SQL_PASSWORD.matcher(masked).replaceAll("$1'" + HIDDEN + "'");
        }
        if (text.contains("://")) {
            masked = URL_PASSWORD.matcher(masked).replaceAll("$1" + HIDDEN);
        }
        if (text.contains("SCRAM-SHA-256$") || text.contains("md5")) {
            masked = HASH.matcher(masked).replaceAll(HIDDEN);
        }
        if (mayHoldPath(text) && !FOR_OTHER_MACHINES.contains(field)) {
            masked = PATH.matcher(masked).replaceAll(found -> "…/" + lastName(found.group(1), found.group(2)));
        }
        return masked;
    }

    private static String lastName(String unix, String windows) {
        String name = unix == null ? windows : unix;
        return name == null ? "" : name.replace("\\", "\\\\").replace("$", "\\$");
    }

    private static boolean mayBeObeyed(String text) {
        for (int i = 0; i < text.length(); i++) {
            char letter = text.charAt(i);
            if (letter < ' ' && letter != '\n' && letter != '\t' || letter >= 0x7F && letter <= 0x9F) {
                return true;
            }
        }
        return false;
    }

    /** By its rarest letter, since nearly no text has one. */
    private static boolean mayHoldPassword(String text) {
        for (char letter : new char[] {'w', 'W'}) {
            for (int at = text.indexOf(letter); at >= 0; at = text.indexOf(letter, at + 1)) {
                if (text.regionMatches(true, at - 4, "password", 0, 8)) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Unlike an LSN, a path of two names has two separators. */
    private static boolean mayHoldPath(String text) {
        int first = text.indexOf('/');
        return first >= 0 && text.indexOf('/', first + 1) >= 0 || text.indexOf(":\\") >= 0;
    }
}
