package org.pgminicluster.lab;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.pgminicluster.MiniClusterException;
import org.pgminicluster.cluster.Node;
import org.pgminicluster.lab.lesson.Texts;
import org.pgminicluster.session.Session;

/** What each node has of tables, rows, triggers, publications, subscriptions and slots; and how that changed. */
final class Changes implements AutoCloseable {

    /** Each row: a key among the texts, then what there is. */
    private static final String WHAT = """
            SELECT 'tables', string_agg(relname, ', ' ORDER BY relname::text COLLATE "C")
              FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
            UNION ALL SELECT 'rows', string_agg(relname || ' ' || rows, ', ' ORDER BY relname::text COLLATE "C")
              FROM (SELECT relname, (xpath('/row/n/text()', query_to_xml(
                               format('SELECT count(*) AS n FROM %s', oid::regclass), false, true, '')))[1]::text AS rows
                      FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace) AS counted
             WHERE rows <> '0'
            UNION ALL SELECT 'triggers', string_agg(tgname || ' ' || tgrelid::regclass, ', ' ORDER BY tgname, tgrelid)
              FROM pg_trigger WHERE NOT tgisinternal
            UNION ALL SELECT 'publications', string_agg(pubname, ', ' ORDER BY pubname) FROM pg_publication
            UNION ALL SELECT 'subscriptions', string_agg(subname, ', ' ORDER BY subname) FROM pg_subscription
            UNION ALL SELECT 'slots', string_agg(slot_name, ', ' ORDER BY slot_name::text COLLATE "C")
              FROM pg_replication_slots WHERE NOT temporary AND slot_name NOT LIKE '%\\_sync\\_%'""";

    private final Texts texts;
    private final Map<String, Session> sessions = new LinkedHashMap<>();
    private Map<String, String> last;

    Changes(List<Node> nodes, Texts texts) {
        this.texts = texts;
        nodes.forEach(this::open);
        this.last = look();
    }

    private void open(Node node) {
        sessions.put(node.name(), node.session());
    }

    /** A line for each thing that is not as it was when this was last asked; empty if all is. */
    String sinceLast() {
        Map<String, String> now = look();
        String changes = now.entrySet().stream()
                .filter(entry -> !entry.getValue().equals(last.get(entry.getKey())))
                .map(entry -> entry.getKey() + ": " + last.get(entry.getKey()) + " -> " + entry.getValue())
                .collect(Collectors.joining("\n"));
        last = now;
        return changes;
    }

    private Map<String, String> look() {
        Map<String, String> found = new LinkedHashMap<>();
        sessions.forEach((node, session) -> rows(session)
                .forEach(row -> found.put(
                        node + " " + texts.get("changed." + row[0]),
                        row[1] == null ? texts.get("changed.nothing") : row[1])));
        return found;
    }

    /** Past the journal: looking around is no part of the story. */
    private static List<String[]> rows(Session session) {
        List<String[]> rows = new ArrayList<>();
        Connection connection = session.connection();
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(WHAT)) {
            while (result.next()) {
                rows.add(new String[] {result.getString(1), result.getString(2)});
            }
            return rows;
        } catch (SQLException e) {
            throw new MiniClusterException("expected the catalogs to be readable, but was not: " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        sessions.values().forEach(Session::close);
    }
}
