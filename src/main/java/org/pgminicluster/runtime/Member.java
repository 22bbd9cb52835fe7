package org.pgminicluster.runtime;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;
import org.pgminicluster.MiniClusterException;
import org.pgminicluster.journal.Event;
import org.pgminicluster.journal.FaultFacts;
import org.pgminicluster.journal.FaultFacts.Detail;
import org.pgminicluster.journal.FaultKind;
import org.pgminicluster.journal.Rows;
import org.pgminicluster.journal.WaitFor;
import org.pgminicluster.journal.Words;
import org.pgminicluster.server.Address;
import org.pgminicluster.server.Connections;
import org.pgminicluster.server.PgServer;
import org.pgminicluster.server.PostgresVersion;
import org.pgminicluster.server.ServerLog;
import org.pgminicluster.server.StopMode;
import org.pgminicluster.session.Session;
import org.pgminicluster.session.SqlFailedException;
import org.pgminicluster.state.Catalogs;
import org.pgminicluster.state.Lsn;
import org.pgminicluster.wait.Needed;
import org.pgminicluster.wait.Seen;
import org.pgminicluster.wait.Waits;

/**
 * One node of a running cluster, seen through one of its databases, with all that is done to it. Statements are executed as
 * the superuser, in autocommit. Safe for use by several threads, one statement at a time.
 */
@API(status = API.Status.INTERNAL)
public final class Member implements Catalogs, Needed {

    /** The application name of the connection that looks on. */
    public static final String WATCH = "pg-minicluster watch";

    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final Duration GRACE = Duration.ofSeconds(5);

    /** Much shorter than a wait, so that a frozen server cannot hold one up. */
    private static final Duration LOOK = Duration.ofSeconds(4);

    private static final Duration LOOK_GRACE = Duration.ofSeconds(1);

    private final ClusterRuntime runtime;
    private final PgServer server;
    private final String database;
    private final ReentrantLock lock = new ReentrantLock();
    private final Object watchLock = new Object();
    private @Nullable Session current;
    private @Nullable Session watching;
    private @Nullable LoginRules loginRules;
    /** What is frozen, by pid; of the view through the topology's database. */
    private final Map<Integer, String> frozen = new ConcurrentHashMap<>();

    Member(ClusterRuntime runtime, PgServer server, String database) {
        this.runtime = runtime;
        this.server = server;
        this.database = database;
    }

    @Override
    public String name() {
        return server.name();
    }

    /** The database that this is a view of. */
    public String database() {
        return database;
    }

    /** The same node seen through another of its databases. */
    public Member in(String otherDatabase) {
        return otherDatabase.equals(database) ? this : runtime.view(this, otherDatabase);
    }

    public ClusterRuntime runtime() {
        return runtime;
    }

    public PgServer server() {
        return server;
    }

    public PostgresVersion version() {
        return server.version();
    }

    /** Where this JVM reaches the node now; another port may be in use after a restart. */
    public Address address() {
        return server.clientAddress();
    }

    @Override
    public ServerLog log() {
        return server.log();
    }

    /** Opens connections to its database as the superuser, where this JVM reaches it now; nothing of them is in the journal. */
    public DataSource dataSource() {
        return Connections.dataSource(server.clientAddress(), database, runtime.loginOf(server));
    }

    private Member main() {
        return in(runtime.topology().database());
    }

    /** Freezes a backend, without which the server cannot stop; it may take a moment. */
    public void freezeBackend(int pid, String what) {
        main().frozen.put(pid, what);
        server.signal("STOP", pid);
    }

    /** Thaws one that {@link #freezeBackend} has frozen, if it is still there. */
    public void thawBackend(int pid, boolean there) {
        if (there) {
            server.signal("CONT", pid);
        }
        main().frozen.remove(pid);
    }

    /** Refuses what has to end a backend, or to be told something by it. */
    public void requireThawed(int pid, String when) {
        String what = main().frozen.get(pid);
        if (what != null) {
            throw new MiniClusterException("expected walsender " + pid + " of " + name() + " to run when " + when
                    + ", but " + what + " was stalled; heal that fault first");
        }
    }

    /** What is frozen and can be ended by nothing but SIGKILL to the server. */
    public Collection<String> frozenBackends() {
        return List.copyOf(main().frozen.values());
    }

    /** Who may log in. */
    public LoginRules loginRules() {
        Member main = main();
        synchronized (main) {
            if (main.loginRules == null) {
                main.loginRules = new LoginRules(main);
            }
            return main.loginRules;
        }
    }

    /** What a session does over this node's one connection; one that was lost is opened anew the next time. */
    public <T> T withSession(SessionAction<T> action) {
        lock.lock();
        try {
            if (current == null) {
                current = session();
            }
            return action.run(current);
        } catch (SqlFailedException e) {
            if (e.isConnectionLost()) {
                disconnect();
            }
            throw e;
        } finally {
            lock.unlock();
        }
    }

    /** What is done over a connection. */
    @FunctionalInterface
    public interface SessionAction<T> {
        T run(Session session);
    }

    /** Executes statements, one or many, and returns how many rows the last one touched. */
    public long execute(String sql, @Nullable Object... params) {
        return withSession(session -> session.execute(sql, params));
    }

    /** The same, cancelled after another time than the usual one, which it may not exceed. */
    public long execute(String sql, Duration atMost) {
        return withSession(session -> session.within(atMost).execute(sql));
    }

    public Rows query(String sql, @Nullable Object... params) {
        return withSession(session -> session.query(sql, params));
    }

    public void setPassword(String role, String password, String shown) {
        withSession(session -> {
            session.setPassword(role, password, shown);
            return role;
        });
    }

    /** A connection of one's own, for transactions and for sessions that are to last. */
    public Session session() {
        return session(runtime.statementTimeout());
    }

    /** Who is to be told of the statements of one session that somebody else has opened. */
    public Consumer<Event> recorder() {
        return runtime.recorder(this);
    }

    public Session session(Duration statementTimeout) {
        return open("pg-minicluster", runtime.recorder(this), statementTimeout, GRACE);
    }

    /** A session that leaves no trace in the journal and is answered soon or never. */
    public Session quietSession(String applicationName) {
        return open(applicationName, event -> {}, runtime.settings().scaled(LOOK), LOOK_GRACE);
    }

    private Session open(String applicationName, Consumer<Event> record, Duration statementTimeout, Duration grace) {
        try {
            Connection connection = Connections.open(
                    server.clientAddress(),
                    database,
                    runtime.loginOf(server),
                    applicationName,
                    runtime.settings().scaled(CONNECT),
                    statementTimeout.plus(runtime.settings().scaled(grace)));
            return new Session(name(), database, connection, record, statementTimeout, runtime.passwords());
        } catch (SQLException e) {
            throw new SqlFailedException(name(), "connect to " + database, e);
        }
    }

    /**
     * A query that is no part of the story: waits look again and again. It goes over a connection of its own, so that a
     * statement that hangs does not keep anybody from looking.
     */
    @Override
    public Rows look(String sql, @Nullable Object... params) {
        return aside(session -> session.query(sql, params));
    }

    /** The same for statements. */
    public void executeUnseen(String sql) {
        aside(session -> session.execute(sql));
    }

    /** Whether a name, as SQL writes it, is that of a table, a sequence or the like. */
    public boolean hasRelation(String name) {
        return look("SELECT to_regclass(?)", name).value() != null;
    }

    /** What belongs to the story and is to be done whatever the test's own connection is at. */
    public void executeAside(String sql) {
        aside(session -> session.recordedBy(runtime.recorder(this)).execute(sql));
    }

    private <T> T aside(SessionAction<T> action) {
        synchronized (watchLock) {
            if (watching == null) {
                watching = quietSession(WATCH);
            }
            try {
                return action.run(watching);
            } catch (SqlFailedException e) {
                if (e.isConnectionLost()) {
                    watching.close();
                    watching = null;
                }
                throw e;
            }
        }
    }

    /** The connection string by which this node's own server reaches a publisher, through the database that it is a view of. */
    public String conninfoTo(Member publisher, String applicationName) {
        return runtime.peers()
                .conninfo(name(), publisher.name(), publisher.database(), applicationName)
                .toString();
    }

    /** The position up to which this node has written its WAL, or replayed its primary's if it is a standby. */
    public Lsn currentLsn() {
        String lsn = look("SELECT CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn()"
                        + " ELSE pg_current_wal_lsn() END")
                .value();
        return Lsn.parse(String.valueOf(lsn));
    }

    @Override
    public boolean isRunning() {
        return server.isRunning();
    }

    public boolean isStandby() {
        return "t".equals(look("SELECT pg_is_in_recovery()").value());
    }

    public boolean isPaused() {
        return server.isPaused();
    }

    /** Whether it runs and can answer. */
    public boolean isAwake() {
        return isRunning() && !isPaused();
    }

    public void kill() {
        acted(takeDownFacts(null), takeDown(null));
    }

    public void stop(StopMode mode) {
        acted(takeDownFacts(mode), takeDown(mode));
    }

    public void start() {
        acted(FaultKind.START, bringUp());
    }

    public void restart() {
        stop(StopMode.FAST);
        start();
    }

    public void pause() {
        acted(FaultKind.PAUSE, freeze());
    }

    public void resume() {
        acted(FaultKind.RESUME, thaw());
    }

    /** Ends a standby's recovery, and returns when it is a primary. */
    public void promote() {
        requireAwake("it is promoted");
        require(isStandby(), "a standby when it is promoted", "was a primary already", "make it one");
        look("SELECT pg_promote(false)");
        awaitValue("SELECT pg_is_in_recovery()", "f");
        String written = look("SELECT substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8)")
                .value();
        acted(FaultKind.PROMOTE, Words.of("proof.timeline", Integer.parseInt(String.valueOf(written), 16)));
    }

    /** Waits until a query returns this one value in PostgreSQL's text form. */
    public void awaitValue(String query, String wanted) {
        awaitValue(query, wanted, Waits.USUAL);
    }

    /** The same, with a timeout of its own, which is scaled. */
    public void awaitValue(String query, String wanted, Duration atMost) {
        runtime.waits().until(WaitFor.value(query.strip(), name(), wanted), atMost, List.of(this), () -> {
            Rows rows = look(query);
            boolean equal =
                    rows.size() == 1 && wanted.equals(rows.values().get(0).get(0));
            return Seen.of(
                    equal,
                    rows.isEmpty()
                            ? Words.of("seen.no-row")
                            : Words.verbatim(rows.column().toString()));
        });
    }

    /** That it is stopped, or killed if {@code mode} is null. */
    public FaultFacts takeDownFacts(@Nullable StopMode mode) {
        return mode == null
                ? FaultFacts.of(FaultKind.KILL, name())
                : FaultFacts.of(FaultKind.STOP, name())
                        .with(Detail.MODE, mode.name().toLowerCase(Locale.ROOT));
    }

    public void checkTakeDown(@Nullable StopMode mode) {
        require(isRunning(), "running when it is " + (mode == null ? "killed" : "stopped"), "was down", "start() it");
        require(mode == null || !isPaused(), "awake when it is stopped", "was paused", "resume() it");
        if (mode == StopMode.FAST && !frozenBackends().isEmpty()) {
            throw new MiniClusterException("expected " + name()
                    + " to have no frozen walsender when it is stopped, but " + String.join(", ", frozenBackends())
                    + " was stalled; heal that fault first, or kill() it");
        }
    }

    public void checkFreeze() {
        requireAwake("it is paused");
    }

    /** Ends the server, by SIGKILL if {@code mode} is null, and returns what shows it. */
    public Words takeDown(@Nullable StopMode mode) {
        checkTakeDown(mode);
        if (mode == null) {
            server.kill();
        } else {
            server.stop(mode);
        }
        main().frozen.clear();
        // Only now: a statement that hangs ends with the server, and holds the connection until then.
        runtime.disconnect(name());
        require(!isRunning(), "down", "still runs", "look into its log");
        return Words.of("proof.no-process");
    }

    /** Starts the server and returns what shows it. */
    public Words bringUp() {
        require(!isRunning(), "down when it is started", "was running", "stop() or kill() it");
        server.start();
        return runtime.started(name(), accepting());
    }

    /** Freezes the server and returns what shows it. */
    public Words freeze() {
        checkFreeze();
        server.pause();
        require(isPaused(), "frozen", "still runs", "look into its log");
        return Words.of("proof.frozen");
    }

    /** Thaws the server and returns what shows it. */
    public Words thaw() {
        require(isPaused(), "paused when it is resumed", isRunning() ? "was awake" : "was down", "pause() it");
        server.resume();
        require(!isPaused(), "awake", "still frozen", "look into its log");
        return Words.of("proof.thawed");
    }

    /** Waits until it answers, unless somebody has taken it down or frozen it, and returns what was seen. */
    public Words answers(Words seen) {
        if (!isAwake()) {
            return Words.of(isRunning() ? "proof.paused-meanwhile" : "proof.down-meanwhile");
        }
        runtime.waits().read(WaitFor.answerOf(name()), Waits.USUAL, List.of(this), () -> look("SELECT 1"));
        return seen;
    }

    public void requireAwake(String when) {
        require(isRunning(), "running when " + when, "was down", "start() it");
        require(!isPaused(), "awake when " + when, "was paused", "resume() it");
    }

    private void require(boolean holds, String expected, String found, String remedy) {
        if (!holds) {
            throw new MiniClusterException(
                    "expected " + name() + " to be " + expected + ", but " + found + "; " + remedy + " first");
        }
    }

    /** Gives the connection back if no statement is going on over it. */
    public void disconnectIdle() {
        if (lock.tryLock()) {
            try {
                closeCurrent();
            } finally {
                lock.unlock();
            }
        }
    }

    private void closeCurrent() {
        if (current != null) {
            current.close();
            current = null;
        }
    }

    /** Gives the connections back, when what goes on over them has ended; the next statement opens new ones. */
    public void disconnect() {
        lock.lock();
        try {
            closeCurrent();
        } finally {
            lock.unlock();
        }
        synchronized (watchLock) {
            if (watching != null) {
                watching.close();
                watching = null;
            }
        }
    }

    /** That it accepts connections at its address. */
    public Words accepting() {
        return Words.of("proof.accepting", address());
    }

    private void acted(FaultKind kind, Words proof) {
        acted(FaultFacts.of(kind, name()), proof);
    }

    /** Notes what was done and what shows it. */
    public void acted(FaultFacts facts, Words proof) {
        runtime.journal().add(name(), new Event.Fault(facts, Event.Fault.Phase.DONE, proof));
    }

    @Override
    public String toString() {
        return name();
    }
}
