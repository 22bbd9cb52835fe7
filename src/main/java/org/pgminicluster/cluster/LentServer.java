package org.pgminicluster.cluster;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.pgminicluster.MiniClusterException;
import org.pgminicluster.server.Address;
import org.pgminicluster.server.BaseBackup;
import org.pgminicluster.server.PgServer;
import org.pgminicluster.server.PostgresVersion;
import org.pgminicluster.server.ProgramRun;
import org.pgminicluster.server.Recovery;
import org.pgminicluster.server.ServerKind;
import org.pgminicluster.server.ServerLog;
import org.pgminicluster.server.StopMode;

/**
 * A server that a cluster has for a while: it sees of the log what was written in that time, and may do nothing to the
 * server as a whole.
 */
final class LentServer implements PgServer {

    private final PgServer server;
    private volatile ServerLog log;

    LentServer(PgServer server) {
        this.server = server;
        this.log = server.log().from(server.log().mark());
    }

    private MiniClusterException refused(String what) {
        return new MiniClusterException("expected " + name() + " to serve one cluster alone when it is " + what
                + ", but is lent with fresh databases to one after the other; have this cluster started without"
                + " freshDatabases");
    }

    /** What was logged is in a file of its own from now on. */
    void keepLog(ServerLog kept) {
        log = kept;
    }

    /** A cut is undone before the server goes back. */
    @Override
    public void replaceHba(List<String> lines) {
        server.replaceHba(lines);
    }

    @Override
    public <T> Optional<T> unwrap(Class<T> type) {
        return server.unwrap(type);
    }

    @Override
    public ServerLog log() {
        return log;
    }

    @Override
    public void start() {
        throw refused("started");
    }

    @Override
    public void stop(StopMode mode) {
        throw refused("stopped");
    }

    @Override
    public void kill() {
        throw refused("killed");
    }

    @Override
    public void pause() {
        throw refused("paused");
    }

    @Override
    public void resume() {
        throw refused("resumed");
    }

    @Override
    public void configure(Map<String, String> settings) {
        throw refused("configured");
    }

    @Override
    public String copyFrom(PgServer source, BaseBackup backup) {
        throw refused("made a copy of another");
    }

    @Override
    public void restore(String backup, Recovery recovery) {
        throw refused("restored from a backup");
    }

    /** It goes back to whoever has lent it. */
    @Override
    public void close() {}

    @Override
    public String name() {
        return server.name();
    }

    @Override
    public ServerKind kind() {
        return server.kind();
    }

    @Override
    public PostgresVersion version() {
        return server.version();
    }

    @Override
    public Address clientAddress() {
        return server.clientAddress();
    }

    @Override
    public Address peerAddress() {
        return server.peerAddress();
    }

    @Override
    public String passfile() {
        return server.passfile();
    }

    @Override
    public String rootCertificate() {
        return server.rootCertificate();
    }

    @Override
    public boolean isRunning() {
        return server.isRunning();
    }

    @Override
    public boolean isPaused() {
        return server.isPaused();
    }

    @Override
    public void signal(String signal, int backendPid) {
        server.signal(signal, backendPid);
    }

    @Override
    public boolean isStopped(int backendPid) {
        return server.isStopped(backendPid);
    }

    @Override
    public String hostAddress() {
        return server.hostAddress();
    }

    /** A base backup would have the databases of all in it, and stay for those who come after. */
    @Override
    public Optional<ProgramRun> run(String database, String program, List<String> arguments) {
        if (program.equals("pg_basebackup")) {
            throw refused("copied by pg_basebackup");
        }
        return server.run(database, program, arguments);
    }

    /** Servers of one group know each other by what they are. */
    @Override
    public void copyFile(PgServer source, String name) {
        server.copyFile(source instanceof LentServer lent ? lent.server : source, name);
    }

    @Override
    public void fetchFile(String name, Path target) {
        server.fetchFile(name, target);
    }

    @Override
    public void giveFile(Path source, String name) {
        server.giveFile(source, name);
    }

    @Override
    public void deleteFile(String name) {
        server.deleteFile(name);
    }

    @Override
    public String files() {
        return server.files();
    }

    @Override
    public String toString() {
        return server.toString();
    }
}
