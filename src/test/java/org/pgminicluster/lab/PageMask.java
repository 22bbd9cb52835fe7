package org.pgminicluster.lab;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Takes out of a text what is another one in every run, or with another kind of servers. */
final class PageMask {

    private record Rule(Pattern pattern, String replacement) {}

    private final List<Rule> rules = new ArrayList<>();

    PageMask() {
        // What the subscriber's client library says depends on its own version, and on how hosts are named.
        rule("(?s)(The error was: ).*?(?=\n[A-Z]+: |$)", "$1<words of the client library>");
        rule("(?s)could not connect to server: Connection refused(\n\\s.*?on port \\d+\\?)?", "Connection refused");
        rule("(?s)connection to server at [^\n]*? failed: (Connection refused)(\n\\s.*?connections\\?)?", "$1");
        rule("connection to server at [^\n]*? failed: (?=FATAL)", "");
        rule("host=(?!vm\\d)\\S+ port=\\d{2,5} ", "host=publisher port=5432 ");
        rule("(?<= )passfile=\\S+ ", "");
        rule("\\bhost \"[0-9a-f.:]+\"", "host \"<address>\"");
        rule("(?<= )\\(?\\b(\\d{1,3}\\.){3}\\d{1,3}\\)?(?=[ ,])", "<address>");
        rule("\\b[0-9A-F]+/[0-9A-F]{5,8}\\b", "<LSN>");
        rule("(?<=WAL segment )[0-9A-F]{24}\\b", "<segment>");
        rule("\\bPID \\d+", "PID <pid>");
        rule("(?<=_sync_)\\d+(_\\d+)?", "<oid>");
        rule("_\\d+(?=_sync_)", "_<oid>");
        rule("\\bpg_\\d{5,}\\b", "pg_<oid>");
        rule("(?<=older than )\\d+", "<xid>");
    }

    private void rule(String pattern, String replacement) {
        rules.add(new Rule(Pattern.compile(pattern), replacement));
    }

    String mask(String text) {
        String masked = text;
        for (Rule rule : rules) {
            masked = rule.pattern().matcher(masked).replaceAll(rule.replacement());
        }
        return masked;
    }
}
