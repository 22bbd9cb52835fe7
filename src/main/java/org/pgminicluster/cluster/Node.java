package org.pgminicluster.cluster;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.pgminicluster.MiniClusterException;
import org.pgminicluster.journal.Event;
import org.pgminicluster.journal.Rows;
import org.pgminicluster.server.Address;
import org.pgminicluster.server.Connections;
import org.pgminicluster.server.PgServer;
import org.pgminicluster.server.PostgresVersion;
import org.pgminicluster.server.ProgramRun;
import org.pgminicluster.server.ServerLog;
import org.pgminicluster.server.StopMode;
import org.pgminicluster.topology.TableName;

/**
 * One node of a running cluster, seen through one of its databases. Statements are executed as the superuser, in
 * autocommit, and are written to the journal. Safe for use by several threads, one statement at a time; for a
 * transaction of several statements open a {@link #session()}.
 */
public final class Node {

    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final Duration GRACE = Duration.ofSeconds(5);

    /** Much shorter than a wait, so that a frozen server cannot hold one up. */
    private static final Duration LOOK = Duration.ofSeconds(4);

    static final String WATCH = "pg-minicluster watch";

    private static final Duration LOOK_GRACE = Duration.ofSeconds(1);

    private final MiniCluster cluster;
    private final PgServer server;
    private final String database;
    private final ReentrantLock lock = new ReentrantLock();
    private final Object watchLock = new Object();
    private @Nullable Session current;
    private @Nullable Session watching;

    Node(MiniCluster cluster, PgServer server, String database) {
        this.cluster = cluster;
        this.server = server;
        this.database = database;
    }

    public String name() {
        return server.name();
    }

    /** The database that this is a view of. */
    public String database() {
        return database;
    }

    /** The same node seen through another of its databases. */
    public Node in(String otherDatabase) {
        return otherDatabase.equals(database) ? this : cluster.view(this, otherDatabase);
    }

    /** The cluster that this node belongs to. */
    public MiniCluster cluster() {
        return cluster;
    }

    public PostgresVersion version() {
        return server.version();
    }

    /**
     * Executes statements, one or many, and returns how many rows the last one touched.
     *
     * @param params values for {@code ?} placeholders; without any, a {@code ?} is an operator
     * @throws SqlFailedException if the server refuses, cannot be reached, or does not finish within 30 s (scaled)
     */
    public long execute(String sql, @Nullable Object... params) {
        return withSession(session -> session.execute(sql, params));
    }

    /** The same, cancelled after another time than the usual one, which it may not exceed. */
    long execute(String sql, Duration atMost) {
        return withSession(session -> session.within(atMost).execute(sql));
    }

    /**
     * Executes a query and returns its rows.
     *
     * @param params values for {@code ?} placeholders; without any, a {@code ?} is an operator
     * @throws SqlFailedException if the server refuses, cannot be reached, or does not finish within 30 s (scaled)
     */
    public Rows query(String sql, @Nullable Object... params) {
        return withSession(session -> session.query(sql, params));
    }

    /**
     * Sends {@code data} by {@code COPY ... FROM STDIN} and returns the number of rows.
     *
     * @throws SqlFailedException if the server refuses
     */
    public long copyIn(String copySql, String data) {
        return withSession(session -> session.copyIn(copySql, data));
    }

    void setPassword(String role, String password, String shown) {
        withSession(session -> {
            session.setPassword(role, password, shown);
            return role;
        });
    }

    /** Executes a statement that may fail: the server's refusal, or empty if it was carried out. */
    public Optional<SqlFailedException> attempt(String sql, @Nullable Object... params) {
        try {
            execute(sql, params);
            return Optional.empty();
        } catch (SqlFailedException refused) {
            return Optional.of(refused);
        }
    }

    /** A connection of one's own, for transactions and for sessions that are to last. */
    public Session session() {
        return session(cluster.statementTimeout());
    }

    /** Starts one statement in a session of its own and returns at once. */
    public RunningStatement executeInBackground(String sql) {
        return RunningStatement.start(sql, session(), cluster.statementTimeout());
    }

    /**
     * Runs one of PostgreSQL's client programs where this node's server runs. Unless its arguments say otherwise it logs
     * in to this node's {@link #database()} as the superuser; the password is on no command line.
     *
     * <pre>{@code
     * String ddl = vm3.program("pg_dump", "--schema-only").output();
     * }</pre>
     *
     * @return how it ended, which may be by a failure
     * @throws MiniClusterException if there is no such program that serves this node's version
     * @see <a href="https://www.postgresql.org/docs/13/reference-client.html">PostgreSQL Client Applications</a>
     */
    public ProgramRun program(String program, String... arguments) {
        return new ClientProgram(this, program, List.of(arguments)).run();
    }

    Session session(Duration statementTimeout) {
        return open("pg-minicluster", cluster.tracer().recorder(this), statementTimeout, GRACE);
    }

    /** A session that leaves no trace in the journal and is answered soon or never. */
    Session quietSession(String applicationName) {
        return open(applicationName, event -> {}, cluster.settings().scaled(LOOK), LOOK_GRACE);
    }

    /**
     * A query that is no part of the story: waits look again and again. It goes over a connection of its own, so that a
     * statement that hangs does not keep anybody from looking.
     */
    Rows look(String sql, @Nullable Object... params) {
        return aside(session -> session.query(sql, params));
    }

    /** The same for statements. */
    void executeUnseen(String sql) {
        aside(session -> session.execute(sql));
    }

    /** What belongs to the story and is to be done whatever the test's own connection is at. */
    void executeAside(String sql) {
        aside(session -> session.recordedBy(cluster.tracer().recorder(this)).execute(sql));
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

    private Session open(String applicationName, Consumer<Event> record, Duration statementTimeout, Duration grace) {
        try {
            Connection connection = Connections.open(
                    server.clientAddress(),
                    database,
                    cluster.superuser(),
                    applicationName,
                    cluster.settings().scaled(CONNECT),
                    statementTimeout.plus(cluster.settings().scaled(grace)));
            return new Session(name(), database, connection, record, statementTimeout);
        } catch (SQLException e) {
            throw new SqlFailedException(name(), "connect to " + database, e);
        }
    }

    /** A table in this database, named as {@link TableName#of} reads it. */
    public NodeTable table(String table) {
        return new NodeTable(this, TableName.of(table), false);
    }

    /** A subscription in this database as it is now; empty if there is none of that name. */
    public Optional<SubscriptionStatus> currentSubscription(String name) {
        return SubscriptionStatus.read(this, name);
    }

    /** A replication slot of this node as it is now; empty if there is none of that name. */
    public Optional<SlotStatus> currentSlot(String name) {
        return SlotStatus.read(this, name);
    }

    /**
     * The connection string by which this node's own server reaches a publisher, for {@code CREATE SUBSCRIPTION}. It
     * holds no password: that is in a passfile on this node.
     *
     * @param publisher the node to connect to, and by its {@link #database()} the database there
     * @param applicationName by convention the subscription's name
     */
    public String conninfoTo(Node publisher, String applicationName) {
        return cluster.peers()
                .conninfo(name(), publisher.name(), publisher.database(), applicationName)
                .toString();
    }

    /** Where this JVM reaches the node now; another port may be in use after a restart. */
    public Address address() {
        return server.clientAddress();
    }

    /** The server's log since it was first started. */
    public ServerLog log() {
        return server.log();
    }

    /** The position up to which this node has written its WAL, or replayed its primary's if it is a standby. */
    public Lsn currentLsn() {
        String lsn = look("SELECT CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn()"
                        + " ELSE pg_current_wal_lsn() END")
                .value();
        return Lsn.parse(String.valueOf(lsn));
    }

    /** Whether the server process lives; a paused one does. */
    public boolean isRunning() {
        return server.isRunning();
    }

    /** Whether it is a standby: in recovery, read-only, following a primary or waiting for one. */
    public boolean isStandby() {
        return "t".equals(look("SELECT pg_is_in_recovery()").value());
    }

    /** Whether the server is frozen by {@link #pause()}. */
    public boolean isPaused() {
        return server.isPaused();
    }

    /**
     * SIGKILL to every process of the server; for as long as a block lasts there is {@link Faults#kill}. In a container the
     * postmaster dies first, and the others may say a last word to their peers before they do; {@link #pause()} first, and
     * none does.
     *
     * @throws MiniClusterException if it is down already
     */
    public void kill() {
        acted("kill", takeDown(null));
    }

    /**
     * Stops the server and returns when it is down; for as long as a block lasts there is {@link Faults#stop}.
     *
     * @throws MiniClusterException if it is down already, is paused, or does not stop in time
     */
    public void stop(StopMode mode) {
        acted("stop, " + mode.name().toLowerCase(Locale.ROOT), takeDown(mode));
    }

    /**
     * Starts a stopped or killed server on the same data and returns when it accepts connections.
     *
     * @throws MiniClusterException if it is running already, or does not come up
     */
    public void start() {
        acted("start", bringUp());
    }

    /** Stops the server the fast way and starts it again. */
    public void restart() {
        stop(StopMode.FAST);
        start();
    }

    /**
     * Freezes every process of the server; its connections stay open and silent. For as long as a block lasts there is
     * {@link Faults#pause}.
     *
     * @throws MiniClusterException if it is down, or paused already
     */
    public void pause() {
        acted("pause", freeze());
    }

    /**
     * Thaws a paused server.
     *
     * @throws MiniClusterException if it is not paused
     */
    public void resume() {
        acted("resume", thaw());
    }

    /**
     * Ends a standby's recovery: from now on it can be written. Subscriptions that it has inherited start at once, unless
     * it is fenced; for the safe way see {@link Standbys#failOver}.
     *
     * @throws MiniClusterException if it is no standby, or is not promoted in time
     * @see <a href="https://www.postgresql.org/docs/13/warm-standby-failover.html">Failover</a>
     */
    public void promote() {
        requireAwake("it is promoted");
        require(isStandby(), "a standby when it is promoted", "was a primary already", "make it one");
        look("SELECT pg_promote(false)");
        cluster.awaitValue(this, "SELECT pg_is_in_recovery()", false);
        String written = look("SELECT substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8)")
                .value();
        acted("promote", "writes timeline " + Integer.parseInt(String.valueOf(written), 16));
    }

    void checkTakeDown(@Nullable StopMode mode) {
        require(isRunning(), "running when it is " + (mode == null ? "killed" : "stopped"), "was down", "start() it");
        require(mode == null || !isPaused(), "awake when it is stopped", "was paused", "resume() it");
    }

    void checkFreeze() {
        requireAwake("it is paused");
    }

    /** Ends the server, by SIGKILL if {@code mode} is null, and returns what shows it. */
    String takeDown(@Nullable StopMode mode) {
        checkTakeDown(mode);
        if (mode == null) {
            server.kill();
        } else {
            server.stop(mode);
        }
        // Only now: a statement that hangs ends with the server, and holds the connection until then.
        cluster.disconnect(name());
        require(!isRunning(), "down", "still runs", "look into its log");
        return "no process of the server is left";
    }

    /** Starts the server and returns what shows it. */
    String bringUp() {
        require(!isRunning(), "down when it is started", "was running", "stop() or kill() it");
        server.start();
        return "accepts connections at " + address();
    }

    /** Freezes the server and returns what shows it. */
    String freeze() {
        checkFreeze();
        server.pause();
        require(isPaused(), "frozen", "still runs", "look into its log");
        return "every process of the server is frozen";
    }

    /** Thaws the server and returns what shows it. */
    String thaw() {
        require(isPaused(), "paused when it is resumed", isRunning() ? "was awake" : "was down", "pause() it");
        server.resume();
        require(!isPaused(), "awake", "still frozen", "look into its log");
        return "its processes run";
    }

    /** Waits until it answers, unless somebody has taken it down or frozen it, and returns what was seen. */
    String answers(String seen) {
        if (!isAwake()) {
            return isRunning() ? "was paused in the meantime" : "was taken down in the meantime";
        }
        cluster.waits().read(name() + " to answer", MiniCluster.WAIT, List.of(this), () -> look("SELECT 1"));
        return seen;
    }

    /** Whether it runs and can answer. */
    boolean isAwake() {
        return isRunning() && !isPaused();
    }

    void requireAwake(String when) {
        require(isRunning(), "running when " + when, "was down", "start() it");
        require(!isPaused(), "awake when " + when, "was paused", "resume() it");
    }

    private void require(boolean holds, String expected, String found, String remedy) {
        if (!holds) {
            throw new MiniClusterException(
                    "expected " + name() + " to be " + expected + ", but " + found + "; " + remedy + " first");
        }
    }

    PgServer server() {
        return server;
    }

    /** Gives the connection back if no statement is going on over it. */
    void disconnectIdle() {
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
    void disconnect() {
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

    private void acted(String what, String proof) {
        cluster.journal().add(name(), new Event.Fault(what, Event.Fault.Phase.DONE, proof));
    }

    @FunctionalInterface
    private interface SessionAction<T> {
        T run(Session session);
    }

    private <T> T withSession(SessionAction<T> action) {
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

    @Override
    public String toString() {
        return name();
    }
}
