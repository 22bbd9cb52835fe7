package org.pgminicluster.lab.lesson;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One message in a server's log: its line, and the lines that belong to it. */
final class LogLines {

    /** As {@code log_line_prefix} makes it: time and pid, then the kind of process, which stays. */
    private static final Pattern PREFIX = Pattern.compile("^\\d{4}-\\d\\d-\\d\\d \\S+ \\w+ \\[(\\d+)] ");

    private static final Pattern MORE = Pattern.compile(" (DETAIL|HINT|CONTEXT): {2}");
    private static final Pattern STATEMENT = Pattern.compile(" (STATEMENT|QUERY): {2}");

    private LogLines() {}

    /**
     * The first message that holds the words, without time and pid; empty if there is none. The statement that led to it
     * is left out.
     */
    static String around(String log, String words) {
        List<String> lines = log.lines().toList();
        for (int i = 0; i < lines.size(); i++) {
            if (lines.get(i).contains(words)) {
                return message(lines, beginning(lines, i));
            }
        }
        return "";
    }

    /** A detail belongs to the line before it of the same process. */
    private static int beginning(List<String> lines, int found) {
        Matcher more = PREFIX.matcher(lines.get(found));
        if (!more.find() || !MORE.matcher(lines.get(found)).find()) {
            return found;
        }
        for (int i = found - 1; i >= 0; i--) {
            Matcher prefix = PREFIX.matcher(lines.get(i));
            if (prefix.find()
                    && prefix.group(1).equals(more.group(1))
                    && !MORE.matcher(lines.get(i)).find()) {
                return i;
            }
        }
        return found;
    }

    private static String message(List<String> lines, int first) {
        List<String> message = new ArrayList<>();
        String pid = "";
        boolean ours = true;
        for (String line : lines.subList(first, lines.size())) {
            Matcher prefix = PREFIX.matcher(line);
            if (prefix.find()) {
                String rest = line.substring(prefix.end());
                if (message.isEmpty()) {
                    pid = prefix.group(1);
                } else if (pid.equals(prefix.group(1))
                        && !MORE.matcher(rest).find()
                        && !STATEMENT.matcher(rest).find()) {
                    break;
                }
                ours = pid.equals(prefix.group(1)) && !STATEMENT.matcher(rest).find();
                if (ours) {
                    message.add(message.isEmpty() ? rest : rest.substring(severity(rest)));
                }
            } else if (ours) {
                // The rest of a text of many lines.
                message.add(line.strip());
            }
        }
        return String.join("\n", message);
    }

    /** Where the severity begins: which process it is was said in the first line. */
    private static int severity(String rest) {
        Matcher more = MORE.matcher(rest);
        return more.find() ? more.start() + 1 : 0;
    }
}
