package org.pgminicluster.cli;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.pgminicluster.cluster.Session;
import org.pgminicluster.cluster.SqlFailedException;
import org.pgminicluster.journal.CommandTag;
import org.pgminicluster.journal.Entry;
import org.pgminicluster.journal.Event;
import org.pgminicluster.journal.Journal;

/** What the keeper does for one connection. Its sessions last as long as the connection, so that BEGIN does too. */
final class Orders implements KeeperServer.Conversation {

    private static final Pattern CHANGING_FUNCTION =
            Pattern.compile("SELECT\\s+pg_(create|copy|drop|promote|switch)_?", Pattern.CASE_INSENSITIVE);

    private static final Pattern CHANGING_ROWS = Pattern.compile("INSERT|UPDATE|DELETE|MERGE");

    private final Kept kept;
    private final Map<String, Session> sessions = new HashMap<>();

    Orders(Kept kept) {
        this.kept = kept;
    }

    @Override
    public int carryOut(Request request, Answer answer) {
        return switch (request.command()) {
            case "nodes" -> {
                answer.data(kept.addresses());
                yield Exit.OK;
            }
            case "status" -> {
                ClusterStatus status = kept.status();
                answer.data(status);
                yield status.healthy() ? Exit.OK : Exit.FAILED;
            }
            case "sql" -> sql(request.args().get(0), request.args().get(1), answer);
            case "fault" -> kept.fault(request, answer);
            case "watch" -> new Watch(kept.cluster(), answer).run(request);
            case "down" -> {
                kept.end(answer);
                yield Exit.OK;
            }
            default ->
                throw CommandException.usage("expected an order that the keeper knows, but was \"" + request.command()
                        + "\"; minicluster down, then up, with the same version of minicluster");
        };
    }

    /** A server's refusal is an answer, not an accident. */
    private int sql(String node, String sql, Answer answer) {
        int exit = Exit.OK;
        try {
            Session session = sessions.computeIfAbsent(
                    node, name -> kept.cluster().node(name).session());
            for (Event event : session.send(sql)) {
                if (event instanceof Event.Observation notice) {
                    answer.notice(notice.what() + ":  " + notice.text());
                } else if (event instanceof Event.Sql done) {
                    answer.line(shown(done));
                    answer.data(done.result());
                    exit = done.result() instanceof Event.Failed ? Exit.FAILED : exit;
                }
            }
        } catch (SqlFailedException e) {
            forget(node);
            throw e;
        }
        return exit;
    }

    /** Of a change that returns rows psql shows both. */
    private static String shown(Event.Sql done) {
        if (done.result() instanceof Event.Selected selected) {
            String tag = CommandTag.of(done.sql(), selected.rows().size());
            return CHANGING_ROWS.matcher(tag).lookingAt() ? done.shown() + "\n" + tag : done.shown();
        }
        return done.shown();
    }

    private void forget(String node) {
        @Nullable Session session = sessions.remove(node);
        if (session != null) {
            session.close();
        }
    }

    /** The statements that were executed since then and changed something, as they would be typed. */
    static Stream<Typed> statementsSince(Journal journal, int before) {
        List<Entry> entries = journal.entries();
        return entries.subList(before, entries.size()).stream().flatMap(Orders::typed);
    }

    static Stream<Typed> typed(Entry entry) {
        return entry.event() instanceof Event.Sql sql
                        && entry.node() != null
                        && changes(sql.sql().strip())
                ? Stream.of(Typed.sql(entry.node(), sql.sql()))
                : Stream.empty();
    }

    /** Some functions do. */
    private static boolean changes(String sql) {
        return !sql.regionMatches(true, 0, "SELECT", 0, 6)
                || CHANGING_FUNCTION.matcher(sql).lookingAt();
    }

    @Override
    public void close() {
        sessions.values().forEach(Session::close);
    }
}
