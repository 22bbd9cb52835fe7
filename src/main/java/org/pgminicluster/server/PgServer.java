package org.pgminicluster.server;

import java.util.List;

/**
 * One PostgreSQL server: it is running when a {@link ServerGroup} hands it out and gone for good after {@link
 * #close()}. Acting methods return when the act is done: after {@link #start()} the server accepts connections, after
 * {@link #kill()} no process of it is left.
 */
public interface PgServer extends AutoCloseable {

    /** The node's name. */
    String name();

    ServerKind kind();

    /** What the server itself reported when it started. */
    PostgresVersion version();

    /** Where this JVM reaches the server now. Ask again after every restart: a container may get another port. */
    Address clientAddress();

    /** Where the other servers of the group reach it; stable over restarts. */
    Address peerAddress();

    /** The path of the passfile as the server's own processes see it, for {@code passfile=} in a conninfo. */
    String passfile();

    /** Everything the server logged since it was first started. */
    ServerLog log();

    /** Whether the postmaster lives; a paused server is running. */
    boolean isRunning();

    /**
     * Starts a server that was stopped or killed, on the same data and the same peer address, and returns when it
     * accepts connections.
     *
     * @throws ServerFailedException if it does not come up; the message ends with the last lines of its log
     */
    void start();

    /** Stops the server and returns when it is down. */
    void stop(StopMode mode);

    /** SIGKILL to the postmaster and all its children at once; nothing is flushed, nothing is said to peers. */
    void kill();

    /** Freezes every process of the server; its connections stay open and silent. */
    void pause();

    /** Thaws what {@link #pause()} froze. */
    void resume();

    /** Whether it is frozen by {@link #pause()}. */
    boolean isPaused();

    /** Sends a signal (such as {@code STOP}) to one backend, named by its pid as the server itself sees it. */
    void signal(String signal, int backendPid);

    /** Whether a signal has stopped one backend, named by its pid as the server itself sees it. */
    boolean isStopped(int backendPid);

    /**
     * The address of this machine at which the running server reaches what this JVM listens on.
     *
     * @throws org.pgminicluster.EnvironmentException if there is none
     */
    String hostAddress();

    /** Replaces the TCP lines of {@code pg_hba.conf}; takes effect at the next reload of the configuration. */
    void replaceHba(List<String> lines);

    /** Takes the server and all that was made for it away; harmless when called twice. The log file stays. */
    @Override
    void close();
}
