package org.pgminicluster.server;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apiguardian.api.API;

/**
 * One PostgreSQL server: it is running when a {@link ServerGroup} hands it out and gone for good after {@link
 * #close()}. Acting methods return when the act is done: after {@link #start()} the server accepts connections, after
 * {@link #kill()} no process of it is left.
 */
@API(status = API.Status.INTERNAL)
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

    /**
     * The path of the authority's certificate as the server's own processes see it, for {@code sslrootcert=} in a conninfo;
     * there is nothing in it unless the server speaks TLS.
     */
    String rootCertificate();

    /** What the server runs in, if it is of this type. */
    default <T> Optional<T> unwrap(Class<T> type) {
        return Optional.empty();
    }

    /** The role by which this JVM logs in, if it is not the superuser of the whole cluster. */
    default Optional<Credentials> login() {
        return Optional.empty();
    }

    /** The role by which other servers log in to subscribe here, if none is to be made for each of them. */
    default Optional<Credentials> replication() {
        return Optional.empty();
    }

    /**
     * Refuses what only the owner of the whole server may do.
     *
     * @param when what is to be done, as the end of a sentence
     * @throws org.pgminicluster.MiniClusterException if it ran before and is only attached
     */
    default void requireOwn(String when) {}

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

    /**
     * SIGKILL to every process; nothing is flushed. Local processes get it all at once. In a container it is the postmaster
     * that gets it and the kernel that ends the others, which may notice first and say a last word to their peers; of a
     * server that was {@linkplain #pause() paused}, none does.
     */
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

    /** Settings that come after those of the spec, and after the ones given before; in force from the next start on. */
    void configure(Map<String, String> settings);

    /**
     * Replaces the data of this server, which is down, by a copy of another of its group, which runs, and starts it. It
     * keeps its own settings, {@code pg_hba.conf} and passfile.
     *
     * @return the program that made the copy, or {@code low-level base backup}
     * @throws ServerFailedException if there is no copy, or the server does not come up on it
     */
    String copyFrom(PgServer source, BaseBackup backup);

    /**
     * Replaces the data of this server, which is down, by a base backup, and starts it: it recovers as told. It keeps
     * its own settings, {@code pg_hba.conf} and passfile.
     *
     * @param backup the name of a directory in {@link #files()}, as {@code pg_basebackup --format=plain} makes it
     * @throws ServerFailedException if the server does not come up on it
     */
    void restore(String backup, Recovery recovery);

    /**
     * Runs one of PostgreSQL's client programs, such as {@code pg_dump}, where this server runs and as its user. Files
     * that it reads and writes are those of that place; {@link #files()} is a directory for them. Unless its arguments
     * say otherwise it logs in to this server as the superuser, who may also replicate.
     *
     * @param database the one that it connects to unless its arguments say otherwise
     * @return how it ended; empty if there is no such program that serves this server's version
     */
    Optional<ProgramRun> run(String database, String program, List<String> arguments);

    /**
     * Copies a file, or a directory with all that is in it, from {@link #files()} of another server of the group to those
     * of this one, over files of the same names. Both may be down.
     */
    void copyFile(PgServer source, String name);

    /**
     * Copies a file, or a directory with all that is in it, from {@link #files()} to this machine, where nothing is yet.
     * Nobody but its owner may read it there.
     */
    void fetchFile(String name, Path target);

    /** Copies a file, or a directory with all that is in it, from this machine to {@link #files()}, over what is there. */
    void giveFile(Path source, String name);

    /** Deletes a file, or a directory with all that is in it, from {@link #files()}, if it is there. */
    void deleteFile(String name);

    /** A directory for files of client programs, as the server's own processes see it; it goes with the server. */
    String files();

    /** Takes the server and all that was made for it away; harmless when called twice. The log file stays. */
    @Override
    void close();
}
