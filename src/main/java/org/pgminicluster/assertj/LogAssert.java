package org.pgminicluster.assertj;

import java.util.List;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apiguardian.api.API;
import org.pgminicluster.cluster.Node;
import org.pgminicluster.journal.Words;
import org.pgminicluster.server.ServerLog;
import org.pgminicluster.wait.Seen;

/**
 * Assertions about a server's log, since it was first started or since a mark. After {@link #eventually()} they give up
 * early if a replication worker on that node fails again and again by something else.
 */
@API(status = API.Status.MAINTAINED)
public final class LogAssert extends StateAssert<LogAssert, ServerLog> {

    private static final int SHOWN = 20;

    private ServerLog.Mark mark = new ServerLog.Mark(0);
    private boolean sinceMark;

    LogAssert(Node node) {
        super(node.log(), LogAssert.class, node.member());
    }

    /** Only what was logged after the mark. */
    public LogAssert since(ServerLog.Mark newMark) {
        mark = newMark;
        sinceMark = true;
        return this;
    }

    /** The text is there, within a line or over several. */
    public LogAssert contains(String text) {
        return isLogged(Words.of("rule.contain", text), look(log -> log.contains(text)));
    }

    /** The regular expression is found; {@code ^} and {@code $} stand for the ends of a line. */
    public LogAssert containsPattern(String regex) {
        Pattern pattern = Pattern.compile(regex, Pattern.MULTILINE);
        return isLogged(
                Words.of("rule.pattern", regex),
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
        return holds(Words.of("rule.not-contain", text), () -> {
            List<String> found =
                    log().lines().filter(line -> line.contains(text)).toList();
            return Seen.of(
                    !log().contains(text),
                    found.isEmpty() ? Words.of("seen.does") : Words.of("seen.has", lines(found)));
        });
    }

    @Override
    Words subject() {
        return Words.of(sinceMark ? "log.since-mark" : "log", node());
    }

    private Supplier<Seen> look(Predicate<String> rule) {
        return () -> {
            String log = log();
            return Seen.of(
                    rule.test(log),
                    log.isBlank()
                            ? Words.of("seen.empty")
                            : Words.of("seen.has", lines(log.lines().toList())));
        };
    }

    private String log() {
        return actual.since(mark);
    }

    private static Words lines(List<String> lines) {
        int left = Math.max(0, lines.size() - SHOWN);
        String shown = lines.stream().skip(left).map(line -> "\n    " + line).collect(Collectors.joining());
        return left == 0 ? Words.verbatim(shown) : Words.of("lines.before", left, shown);
    }
}
