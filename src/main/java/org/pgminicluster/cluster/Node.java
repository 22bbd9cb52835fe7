package org.pgminicluster.cluster;

import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;
import org.pgminicluster.MiniClusterException;
import org.pgminicluster.journal.Rows;
import org.pgminicluster.runtime.ClientProgram;
import org.pgminicluster.runtime.ClusterNode;
import org.pgminicluster.runtime.Member;
import org.pgminicluster.runtime.NodeTable;
import org.pgminicluster.server.Address;
import org.pgminicluster.server.Connections;
import org.pgminicluster.server.Credentials;
import org.pgminicluster.server.PostgresVersion;
import org.pgminicluster.server.ProgramRun;
import org.pgminicluster.server.ServerKind;
import org.pgminicluster.server.ServerLog;
import org.pgminicluster.server.StopMode;
import org.pgminicluster.session.RunningStatement;
import org.pgminicluster.session.Session;
import org.pgminicluster.session.SqlFailedException;
import org.pgminicluster.session.SqlResults;
import org.pgminicluster.state.Lsn;
import org.pgminicluster.state.SlotState;
import org.pgminicluster.state.StateReader;
import org.pgminicluster.state.SubscriptionState;
import org.pgminicluster.topology.TableName;

/**
 * One node of a running cluster, seen through one of its databases. Statements are executed as the superuser, in
 * autocommit, and are written to the journal. Safe for use by several threads, one statement at a time; for a
 * transaction of several statements open a {@link #session()}.
 */
@API(status = API.Status.MAINTAINED)
public final class Node implements ClusterNode {

    private final MiniCluster cluster;
    private final Member member;

    Node(MiniCluster cluster, Member member) {
        this.cluster = cluster;
        this.member = member;
    }

    @Override
    public Member member() {
        return member;
    }

    public String name() {
        return member.name();
    }

    /** The database that this is a view of. */
    public String database() {
        return member.database();
    }

    /** The same node seen through another of its databases. */
    public Node in(String otherDatabase) {
        return otherDatabase.equals(database()) ? this : cluster.nodeOf(member.in(otherDatabase));
    }

    /** The cluster that this node belongs to. */
    public MiniCluster cluster() {
        return cluster;
    }

    public PostgresVersion version() {
        return member.version();
    }

    /**
     * Executes statements, one or many, and returns how many rows the last one touched.
     *
     * @param params values for {@code ?} placeholders; without any, a {@code ?} is an operator
     * @throws SqlFailedException if the server refuses, cannot be reached, or does not finish within 30 s (scaled)
     */
    public long execute(String sql, @Nullable Object... params) {
        return member.execute(sql, params);
    }

    /**
     * Executes statements, one or many, and returns what came of each, with notices and warnings.
     *
     * @throws SqlFailedException if the server refuses, cannot be reached, or does not finish within 30 s (scaled)
     */
    public SqlResults run(String sql) {
        return member.withSession(session -> session.run(sql));
    }

    /**
     * Executes a query and returns its rows.
     *
     * @param params values for {@code ?} placeholders; without any, a {@code ?} is an operator
     * @throws SqlFailedException if the server refuses, cannot be reached, or does not finish within 30 s (scaled)
     */
    public Rows query(String sql, @Nullable Object... params) {
        return member.query(sql, params);
    }

    /**
     * Sends {@code data} by {@code COPY ... FROM STDIN} and returns the number of rows.
     *
     * @throws SqlFailedException if the server refuses
     */
    public long copyIn(String copySql, String data) {
        return member.withSession(session -> session.copyIn(copySql, data));
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
        return member.session();
    }

    /** Starts one statement in a session of its own and returns at once. */
    public RunningStatement executeInBackground(String sql) {
        return RunningStatement.start(sql, session(), member.runtime().statementTimeout());
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
        return new ClientProgram(member, program, List.of(arguments)).run();
    }

    /** A table in this database, named as {@link TableName#of} reads it. */
    public NodeTable table(String table) {
        return new NodeTable(member, TableName.of(table), false);
    }

    /** A subscription in this database as it is now; empty if there is none of that name. */
    public Optional<SubscriptionState> currentSubscription(String name) {
        return StateReader.subscription(member, name);
    }

    /** A replication slot of this node as it is now; empty if there is none of that name. */
    public Optional<SlotState> currentSlot(String name) {
        return StateReader.slot(member, name);
    }

    /**
     * The connection string by which this node's own server reaches a publisher, for {@code CREATE SUBSCRIPTION}. It
     * holds no password: that is in a passfile on this node.
     *
     * @param publisher the node to connect to, and by its {@link #database()} the database there
     * @param applicationName by convention the subscription's name
     */
    public String conninfoTo(Node publisher, String applicationName) {
        return member.conninfoTo(publisher.member(), applicationName);
    }

    /** Where this JVM reaches the node now; another port may be in use after a restart. */
    public Address address() {
        return member.address();
    }

    /**
     * This {@link #database()} for JDBC, where this JVM reaches it now, without user and password; another port may be in
     * use after a restart. If the topology says {@code tls()}, the URL says by which certificate the server is known.
     */
    public String jdbcUrl() {
        return Connections.url(member.address(), database());
    }

    /** The role by which this JVM logs in, a superuser. */
    public String user() {
        return login().user();
    }

    /** Its password. */
    public String password() {
        return login().password();
    }

    private Credentials login() {
        return cluster.runtime().loginOf(member.server());
    }

    /**
     * Opens connections to this {@link #database()} as {@link #user()}, where it is now, and keeps none; one to a standby
     * is read-only. What is done with them is not in the journal.
     */
    public DataSource dataSource() {
        return member.dataSource();
    }

    /**
     * What the server runs in, as another library knows it. In containers that is Testcontainers' {@code
     * PostgreSQLContainer}, which is a {@code JdbcDatabaseContainer}: it names the node's first database, as {@link #user()},
     * and can be handed to whatever takes one. It starts and stops with the cluster; its own {@code start()} and {@code
     * stop()} do nothing.
     *
     * @throws MiniClusterException if it runs in nothing of this type, as a process does
     */
    public <T> T unwrap(Class<T> type) {
        return member.server()
                .unwrap(type)
                .orElseThrow(
                        () -> new MiniClusterException(
                                "expected " + name() + " to run in a " + type.getSimpleName()
                                        + ", but its server is "
                                        + (cluster.servers() == ServerKind.ATTACHED ? "" : "a ") + cluster.servers()
                                        + "; servers in containers (-Dminicluster.servers=container) run in a PostgreSQLContainer"));
    }

    /**
     * The server's log since it was first started.
     *
     * @throws MiniClusterException if the server is only attached: then its log stays with it
     */
    public ServerLog log() {
        if (member.server().kind() == ServerKind.ATTACHED) {
            throw new MiniClusterException("expected the log of " + name()
                    + " to be one of this cluster's, but it is with the server at " + address()
                    + ", which is only attached; look at it there");
        }
        return member.log();
    }

    /** The position up to which this node has written its WAL, or replayed its primary's if it is a standby. */
    public Lsn currentLsn() {
        return member.currentLsn();
    }

    /** Whether the server process lives; a paused one does. */
    public boolean isRunning() {
        return member.isRunning();
    }

    /** Whether it is a standby: in recovery, read-only, following a primary or waiting for one. */
    public boolean isStandby() {
        return member.isStandby();
    }

    /** Whether the server is frozen by {@link #pause()}. */
    public boolean isPaused() {
        return member.isPaused();
    }

    /**
     * SIGKILL to every process of the server; for as long as a block lasts there is {@link org.pgminicluster.fault.Faults#kill Faults.kill}. In a container the
     * postmaster dies first, and the others may say a last word to their peers before they do; {@link #pause()} first, and
     * none does.
     *
     * @throws MiniClusterException if it is down already
     */
    public void kill() {
        member.kill();
    }

    /**
     * Stops the server and returns when it is down; for as long as a block lasts there is {@link org.pgminicluster.fault.Faults#stop Faults.stop}.
     *
     * @throws MiniClusterException if it is down already, is paused, or does not stop in time
     */
    public void stop(StopMode mode) {
        member.stop(mode);
    }

    /**
     * Starts a stopped or killed server on the same data and returns when it accepts connections.
     *
     * @throws MiniClusterException if it is running already, or does not come up
     */
    public void start() {
        member.start();
    }

    /** Stops the server the fast way and starts it again. */
    public void restart() {
        member.restart();
    }

    /**
     * Freezes every process of the server; its connections stay open and silent. For as long as a block lasts there is
     * {@link org.pgminicluster.fault.Faults#pause Faults.pause}.
     *
     * @throws MiniClusterException if it is down, or paused already
     */
    public void pause() {
        member.pause();
    }

    /**
     * Thaws a paused server.
     *
     * @throws MiniClusterException if it is not paused
     */
    public void resume() {
        member.resume();
    }

    /**
     * Ends a standby's recovery: from now on it can be written. Subscriptions that it has inherited start at once, unless
     * it is fenced; for the safe way see {@link org.pgminicluster.standby.Standbys#failOver Standbys.failOver}.
     *
     * @throws MiniClusterException if it is no standby, or is not promoted in time
     * @see <a href="https://www.postgresql.org/docs/13/warm-standby-failover.html">Failover</a>
     */
    public void promote() {
        cluster.standbys().promote(this);
    }

    @Override
    public String toString() {
        return name();
    }
}
