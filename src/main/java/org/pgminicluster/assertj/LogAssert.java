package org.pgminicluster.assertj;

import java.util.List;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.pgminicluster.cluster.MiniCluster.Seen;
import org.pgminicluster.cluster.Node;
import org.pgminicluster.server.ServerLog;

/** Assertions about a server's log, since it was first started or since a mark. */
public final class LogAssert extends StateAssert<LogAssert, ServerLog> {

    private static final int SHOWN = 20;

    private ServerLog.Mark mark = new ServerLog.Mark(0);
    private String since = "";

    LogAssert(Node node) {
        super(node.log(), LogAssert.class, node);
    }

    /** Only what was logged after the mark. */
    public LogAssert since(ServerLog.Mark newMark) {
        mark = newMark;
        since = " since the mark";
        return this;
    }

    /** The text is there, within a line or over several. */
    public LogAssert contains(String text) {
        return holdsWhateverFails(sentence("contain", text), look(log -> log.contains(text)));
    }

    /** The regular expression is found; {@code ^} and {@code $} stand for the ends of a line. */
    public LogAssert containsPattern(String regex) {
        Pattern pattern = Pattern.compile(regex, Pattern.MULTILINE);
        return holdsWhateverFails(
                sentence("contain the pattern", regex),
                look(log -> pattern.matcher(log).find()));
    }

    /**
     * The text is not there.
     *
     * @throws UnsupportedOperationException after {@link #eventually()}: what is not logged now may be logged later
     */
    public LogAssert doesNotContain(String text) {
        if (waits()) {
            throw new UnsupportedOperationException("expected \"" + text + "\" not to be in the log eventually, but no"
                    + " time shows that; wait for something that comes after it, then look without eventually()");
        }
        return holds(sentence("not contain", text), () -> {
            List<String> found =
                    log().lines().filter(line -> line.contains(text)).toList();
            return new Seen(!log().contains(text), found.isEmpty() ? "it does" : "it has" + lines(found));
        });
    }

    private String sentence(String rule, String text) {
        return "the log of " + node() + since + " to " + rule + "\n    " + text;
    }

    private Supplier<Seen> look(Predicate<String> rule) {
        return () -> {
            String log = log();
            return new Seen(
                    rule.test(log),
                    log.isBlank() ? "it is empty" : "it has" + lines(log.lines().toList()));
        };
    }

    private String log() {
        return actual.since(mark);
    }

    private static String lines(List<String> lines) {
        int left = Math.max(0, lines.size() - SHOWN);
        return (left == 0 ? "" : "\n    ... " + left + " lines before these")
                + lines.stream().skip(left).map(line -> "\n    " + line).collect(Collectors.joining());
    }
}
