package org.pgminicluster.lab.check;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.pgminicluster.journal.Row;
import org.pgminicluster.journal.Rows;
import org.pgminicluster.lab.practice.PointTest;
import org.pgminicluster.session.Session;
import org.pgminicluster.session.SqlFailedException;

/** What the points of a lesson ask servers: in read-only transactions, but for the rows whose arrival is awaited. */
final class Looks {

    private static final String PATIENCE = "5s";
    private static final Duration ANSWER = Duration.ofSeconds(6);
    private static final Duration GONE = Duration.ofSeconds(2);
    private static final int MOST_SHOWN = 3;
    private static final String NOTHING = "-";
    private static final long LEAST_MARKER = 100_000_000;

    private final Sessions sessions;
    private final List<String> there;
    private boolean written;

    Looks(Sessions sessions, List<String> there) {
        this.sessions = sessions;
        this.there = List.copyOf(there);
    }

    /** A node that the question was for does not answer. */
    static final class NodeDownException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final String node;

        NodeDownException(String node) {
            super(node + " does not answer");
            this.node = node;
        }

        String node() {
            return node;
        }
    }

    /** @param values what texts have places for */
    record Answer(boolean holds, List<String> values) {}

    /**
     * @param refusal why the row could not be written
     * @param leftOver why it could not be taken back
     */
    record Arrival(boolean arrived, long marker, Optional<String> refusal, Optional<String> leftOver) {}

    /** Whether anything was written, which was taken back. */
    boolean isWritten() {
        return written;
    }

    Answer holds(PointTest.Holds test) {
        return new Answer(isTrue(query(test.node(), test.query())), List.of());
    }

    Answer same(PointTest.Same test) {
        String first = test.nodes().get(0);
        Rows expected = query(first, test.query());
        String other = test.nodes().get(1);
        Rows found = expected;
        for (String node : test.nodes().subList(1, test.nodes().size())) {
            Rows answer = query(node, test.query());
            if (found.equals(expected) && !answer.equals(expected)) {
                other = node;
                found = answer;
            }
        }
        List<String> values =
                List.of(first, other, only(expected, found), only(found, expected), Integer.toString(expected.size()));
        return new Answer(found.equals(expected), values);
    }

    /** The first row's values; empty if there is none. */
    Optional<List<String>> row(String node, String query) {
        Rows rows = query(node, query);
        return rows.isEmpty()
                ? Optional.empty()
                : Optional.of(rows.values().get(0).values().stream()
                        .map(value -> value == null ? "NULL" : value)
                        .toList());
    }

    Arrival arrives(PointTest.Arrives test) {
        Session writer = session(test.writer());
        session(test.reader());
        long marker = ThreadLocalRandom.current().nextLong(LEAST_MARKER, 10 * LEAST_MARKER);
        try {
            writer.execute(marked(test.write(), marker));
        } catch (SqlFailedException e) {
            if (e.isConnectionLost()) {
                throw e;
            }
            return new Arrival(false, marker, Optional.of(e.serverMessage()), Optional.empty());
        }
        written = true;
        boolean arrived = false;
        Optional<String> leftOver;
        try {
            arrived = sessions.comes(test.atMost(), () -> isThere(test, marker));
        } finally {
            leftOver = takeBack(writer, test, marker);
        }
        if (arrived && leftOver.isEmpty()) {
            sessions.comes(GONE, () -> !isThere(test, marker));
        }
        return new Arrival(arrived, marker, Optional.empty(), leftOver);
    }

    private boolean isThere(PointTest.Arrives test, long marker) {
        return isTrue(query(test.reader(), marked(test.query(), marker)));
    }

    private static Optional<String> takeBack(Session writer, PointTest.Arrives test, long marker) {
        try {
            writer.execute(marked(test.takeBack(), marker));
            return Optional.empty();
        } catch (SqlFailedException e) {
            return Optional.of(e.serverMessage());
        }
    }

    private static String marked(String statement, long marker) {
        return statement.replace(PointTest.Arrives.MARKER, Long.toString(marker));
    }

    private Rows query(String node, String query) {
        Session session = session(node).within(ANSWER);
        session.execute("START TRANSACTION READ ONLY");
        try {
            session.execute("SET LOCAL statement_timeout = '" + PATIENCE + "'");
            return session.query(query);
        } finally {
            rollback(session);
        }
    }

    /** What went wrong before is what there is to tell. */
    private static void rollback(Session session) {
        try {
            session.execute("ROLLBACK");
        } catch (SqlFailedException e) {
            if (!e.isConnectionLost()) {
                throw e;
            }
        }
    }

    private Session session(String node) {
        if (!there.contains(node)) {
            throw new NodeDownException(node);
        }
        return sessions.of(node);
    }

    private static boolean isTrue(Rows rows) {
        return rows.size() == 1 && "t".equals(rows.values().get(0).get(0));
    }

    /** The first rows that only one of them has. */
    private static String only(Rows one, Rows other) {
        Map<Row, Integer> met = new HashMap<>();
        other.values().forEach(row -> met.merge(row, 1, Integer::sum));
        List<String> left = new ArrayList<>();
        for (Row row : one.values()) {
            if (met.merge(row, -1, Integer::sum) < 0) {
                left.add(row.toString());
            }
        }
        if (left.isEmpty()) {
            return NOTHING;
        }
        String shown = String.join(", ", left.subList(0, Math.min(left.size(), MOST_SHOWN)));
        return shown + (left.size() > MOST_SHOWN ? " + " + (left.size() - MOST_SHOWN) : "");
    }
}
