package org.pgminicluster.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.pgminicluster.journal.Event;
import org.pgminicluster.journal.Row;
import org.pgminicluster.journal.Rows;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/** Somebody who types a page of docs/problems.md on bare servers, and looks whether they say what the page says. */
final class PageTypist implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(40);
    private static final Pattern PROMPT = Pattern.compile("(?s)/\\* (\\S+) # \\*/ (.*)");
    private static final Pattern SHELL = Pattern.compile("(\\w+) \\$ (.*)");
    private static final Pattern SIGHTING = Pattern.compile("(On|In the log of) (\\w+)( it ends)?:");

    private static final Pattern SYNCED = Pattern.compile("every table of subscription (\\S+) on (\\S+) to be synced");
    private static final Pattern APPLIED =
            Pattern.compile("subscription (\\S+) on (\\S+) to apply everything of (\\S+) up to .*");
    private static final Pattern REPLAYED = Pattern.compile("standby (\\S+) of (\\S+) to replay everything of .*");
    private static final Pattern VALUE = Pattern.compile("\"(.*)\" on (\\S+) to return (.*)");
    private static final Pattern ROWS = Pattern.compile("table (\\S+) on (\\S+) to have the rows (.*)");

    /** A session that is in no transaction and does not wait. */
    private static final String LOOK = " look";

    private final BareServers servers;
    private final PageMask mask = new PageMask();
    private final Map<String, Connection> sessions = new HashMap<>();
    private final Map<String, CompletableFuture<String>> hanging = new HashMap<>();
    private final List<Connection> all = new ArrayList<>();

    PageTypist(BareServers servers) {
        this.servers = servers;
    }

    /** From top to bottom. */
    void type(String page) {
        try {
            typeAll(page);
        } catch (Throwable e) {
            e.addSuppressed(new AssertionError(servers.logs()));
            throw e;
        }
    }

    private void typeAll(String page) {
        List<String> lines = page.lines().toList();
        Matcher seen = SIGHTING.matcher("");
        for (int i = 0; i < lines.size(); i++) {
            Matcher sighting = SIGHTING.matcher(lines.get(i));
            if (sighting.matches()) {
                seen = sighting;
            } else if (lines.get(i).startsWith("```")) {
                String language = lines.get(i).substring(3);
                int end = i + 1;
                while (!lines.get(end).equals("```")) {
                    end++;
                }
                String block = String.join("\n", lines.subList(i + 1, end));
                if (language.equals("sql")) {
                    typeBlock(block);
                } else {
                    look(seen, block);
                }
                i = end;
            }
        }
    }

    /** A line without a prompt goes on with the one before it. */
    private void typeBlock(String block) {
        List<String> typed = Arrays.asList(block.split("\n(?=/\\* \\S+ # \\*/ |\\w+ \\$ |-- )"));
        for (int i = 0; i < typed.size(); i++) {
            boolean hangs = i + 1 < typed.size() && typed.get(i + 1).equals(PageStory.HANGS);
            typeOne(typed.get(i), hangs);
        }
    }

    private void typeOne(String typed, boolean hangs) {
        Matcher sql = PROMPT.matcher(typed);
        Matcher shell = SHELL.matcher(typed);
        if (sql.matches() && hangs) {
            String node = sql.group(1);
            Connection own = session(node);
            sessions.remove(node);
            String statement = ready(sql.group(2));
            hanging.put(node, CompletableFuture.supplyAsync(() -> answer(own, statement)));
        } else if (sql.matches()) {
            String statement = ready(sql.group(2));
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(answer(session(sql.group(1)), statement))
                            .as(typed)
                            .doesNotStartWith("ERROR"));
        } else if (shell.matches()) {
            if (shell.group(2).matches(".*(pg_ctl|kill|pg_basebackup).*")) {
                close(sessions.remove(shell.group(1)));
                close(sessions.remove(shell.group(1) + LOOK));
            }
            servers.shell(shell.group(1), servers.here(shell.group(2)));
            if (shell.group(2).contains("pg_basebackup")) {
                servers.forgetYoungerOptions(shell.group(1));
            }
        } else if (typed.startsWith(PageStory.WAIT)) {
            waitFor(typed.substring(PageStory.WAIT.length()));
        } else {
            assertThat(typed).isEqualTo(PageStory.HANGS);
        }
    }

    /** With what the reader is told to put in. */
    private String ready(String statement) {
        String ready = servers.here(statement);
        if (ready.contains("<LSN>")) {
            ready = ready.replace("<LSN>", value("vm1", "SELECT pg_current_wal_lsn()"));
        }
        return ready.replaceFirst("^\\\\password (\\S+)$", "ALTER ROLE $1 PASSWORD '" + BareServers.PASSWORD + "'");
    }

    private void waitFor(String what) {
        Matcher synced = SYNCED.matcher(what);
        Matcher applied = APPLIED.matcher(what);
        Matcher replayed = REPLAYED.matcher(what);
        Matcher value = VALUE.matcher(what);
        Matcher rows = ROWS.matcher(what);
        if (synced.matches()) {
            until(
                    synced.group(2),
                    "SELECT bool_and(srsubstate IN ('r', 's')) FROM pg_subscription_rel JOIN pg_subscription s"
                            + " ON s.oid = srsubid WHERE subname = '" + synced.group(1) + "'",
                    "t");
        } else if (applied.matches()) {
            // After a failover it is not the slot of its name.
            String slot = value(
                    applied.group(2),
                    "SELECT subslotname FROM pg_subscription WHERE subname = '" + applied.group(1) + "'");
            until(
                    applied.group(3),
                    "SELECT confirmed_flush_lsn >= '" + value(applied.group(3), "SELECT pg_current_wal_lsn()")
                            + "' FROM pg_replication_slots WHERE slot_name = '" + slot + "'",
                    "t");
        } else if (replayed.matches()) {
            until(
                    replayed.group(2),
                    "SELECT bool_and(replay_lsn >= '" + value(replayed.group(2), "SELECT pg_current_wal_lsn()")
                            + "') FROM pg_stat_replication WHERE application_name = '" + replayed.group(1) + "'",
                    "t");
        } else if (value.matches()) {
            until(value.group(2), ready(value.group(1)), value.group(3));
        } else {
            assertThat(rows.matches()).as("a wait that is known: %s", what).isTrue();
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(rows(
                                            session(rows.group(2) + LOOK),
                                            "SELECT * FROM " + rows.group(1) + " ORDER BY 1")
                                    .values()
                                    .stream()
                                    .map(Row::toString)
                                    .toList())
                            .as(what)
                            .isEqualTo(Arrays.asList(rows.group(3).split("(?<=\\)) (?=\\()"))));
        }
    }

    private void until(String node, String query, String expected) {
        await().atMost(PATIENCE)
                .ignoreExceptions()
                .untilAsserted(() -> assertThat(value(node, query)).as(query).isEqualTo(expected));
    }

    private String value(String node, String query) {
        return String.valueOf(rows(session(node + LOOK), query).values().get(0).get(0));
    }

    private void look(Matcher seen, String block) {
        String node = seen.group(2);
        if (seen.group(1).startsWith("In")) {
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(mask.mask(servers.log(node)))
                            .as("log of %s", node)
                            .contains(block.lines().toList()));
            return;
        }
        String[] parts = block.split("\n", 2);
        Matcher sql = PROMPT.matcher(parts[0]);
        assertThat(sql.matches()).as(parts[0]).isTrue();
        if (seen.group(3) != null) {
            assertThat(mask.mask(Objects.requireNonNull(hanging.get(node))
                            .orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS)
                            .join()))
                    .as(parts[0])
                    .isEqualTo(parts[1]);
            return;
        }
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(mask.mask(answer(session(node), ready(sql.group(2)))))
                        .as("%s: %s", node, parts[0])
                        .isEqualTo(parts[1]));
    }

    /** As psql shows it. */
    private String answer(Connection session, String sql) {
        try (Statement statement = session.createStatement()) {
            return statement.execute(sql.replaceFirst(";$", ""))
                    ? read(statement.getResultSet()).toString()
                    : "";
        } catch (PSQLException e) {
            ServerErrorMessage said = e.getServerErrorMessage();
            return said == null
                    ? "ERROR:  " + e.getMessage()
                    : new Event.Failed(
                                    String.valueOf(said.getSQLState()),
                                    String.valueOf(said.getMessage()),
                                    said.getDetail(),
                                    said.getHint())
                            .toString();
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    private static Rows rows(Connection session, String query) {
        try (Statement statement = session.createStatement();
                ResultSet result = statement.executeQuery(query)) {
            return read(result);
        } catch (SQLException e) {
            throw new IllegalStateException(query, e);
        }
    }

    private static Rows read(ResultSet result) throws SQLException {
        int width = result.getMetaData().getColumnCount();
        List<String> columns = new ArrayList<>();
        for (int i = 1; i <= width; i++) {
            columns.add(result.getMetaData().getColumnLabel(i));
        }
        List<Row> rows = new ArrayList<>();
        while (result.next()) {
            Object[] values = new Object[width];
            for (int i = 0; i < width; i++) {
                values[i] = result.getString(i + 1);
            }
            rows.add(Row.of(values));
        }
        return new Rows(columns, rows);
    }

    private Connection session(String node) {
        Connection known = sessions.get(node);
        try {
            if (known == null || known.isClosed()) {
                known = servers.session(node.replace(LOOK, ""));
                all.add(known);
                sessions.put(node, known);
            }
            return known;
        } catch (SQLException e) {
            throw new IllegalStateException("no session on " + node + "\n" + servers.log(node), e);
        }
    }

    private static void close(@Nullable Connection session) {
        try {
            if (session != null) {
                session.close();
            }
        } catch (SQLException e) {
            // Its server is gone.
        }
    }

    @Override
    public void close() {
        all.forEach(PageTypist::close);
    }
}
