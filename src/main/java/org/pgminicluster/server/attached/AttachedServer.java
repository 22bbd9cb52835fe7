package org.pgminicluster.server.attached;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.pgminicluster.MiniClusterException;
import org.pgminicluster.server.Address;
import org.pgminicluster.server.BaseBackup;
import org.pgminicluster.server.Credentials;
import org.pgminicluster.server.PgServer;
import org.pgminicluster.server.PostgresVersion;
import org.pgminicluster.server.ProgramRun;
import org.pgminicluster.server.Recovery;
import org.pgminicluster.server.ServerKind;
import org.pgminicluster.server.ServerLog;
import org.pgminicluster.server.StopMode;
import org.pgminicluster.server.process.LocalFiles;
import org.pgminicluster.server.process.LocalPrograms;

/** A server of somebody's: it answers SQL, and nothing is done to it as a whole. */
final class AttachedServer implements PgServer {

    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final String name;
    private final Attached attached;
    private final PostgresVersion version;
    private final ServerLog log;
    private final LocalPrograms programs;
    private final SharedFiles files;

    AttachedServer(
            String name,
            Attached attached,
            PostgresVersion version,
            ServerLog log,
            LocalPrograms programs,
            SharedFiles files) {
        this.name = name;
        this.attached = attached;
        this.version = version;
        this.log = log;
        this.programs = programs;
        this.files = files;
    }

    private MiniClusterException refused(String when) {
        return new MiniClusterException("expected " + name + " to be a server that this cluster has started when "
                + when + ", but it ran before at " + attached.address()
                + " and is only attached; do it there by hand, or start servers of the topology's own with"
                + " MiniCluster.start(topology)");
    }

    @Override
    public void requireOwn(String when) {
        throw refused(when);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public ServerKind kind() {
        return ServerKind.ATTACHED;
    }

    @Override
    public PostgresVersion version() {
        return version;
    }

    @Override
    public Address clientAddress() {
        return attached.address();
    }

    @Override
    public Address peerAddress() {
        return attached.peer();
    }

    @Override
    public Optional<Credentials> login() {
        return Optional.of(attached.login());
    }

    @Override
    public Optional<Credentials> replication() {
        return attached.replication();
    }

    /** One line that says where it is: what the server logs stays there. */
    @Override
    public ServerLog log() {
        return log;
    }

    /** Whether something listens at its address; one that is silent may be frozen and is not called down. */
    @Override
    public boolean isRunning() {
        try (Socket socket = new Socket()) {
            socket.connect(
                    new InetSocketAddress(
                            attached.address().host(), attached.address().port()),
                    Math.toIntExact(PATIENCE.toMillis()));
            return true;
        } catch (SocketTimeoutException e) {
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public boolean isPaused() {
        return false;
    }

    @Override
    public Optional<ProgramRun> run(String database, String program, List<String> arguments) {
        return programs.run(
                new LocalPrograms.Target(attached.address(), database, attached.login(), version.major()),
                program,
                arguments,
                Path.of(files()));
    }

    /** All have one directory. */
    @Override
    public void copyFile(PgServer source, String file) {}

    @Override
    public void fetchFile(String file, Path target) {
        LocalFiles.copy(files.directory().resolve(file), target);
    }

    @Override
    public void giveFile(Path source, String file) {
        LocalFiles.copy(source, files.directory().resolve(file));
    }

    @Override
    public void deleteFile(String file) {
        LocalFiles.delete(files.directory().resolve(file));
    }

    @Override
    public String files() {
        return files.directory().toString();
    }

    /** It is nobody's to close. */
    @Override
    public void close() {}

    @Override
    public String passfile() {
        throw refused("its passfile is written");
    }

    @Override
    public String rootCertificate() {
        throw refused("its certificates are made");
    }

    @Override
    public void start() {
        throw refused("it is started");
    }

    @Override
    public void stop(StopMode mode) {
        throw refused("it is stopped");
    }

    @Override
    public void kill() {
        throw refused("it is killed");
    }

    @Override
    public void pause() {
        throw refused("it is paused");
    }

    @Override
    public void resume() {
        throw refused("it is resumed");
    }

    @Override
    public void signal(String signal, int backendPid) {
        throw refused("a backend of it gets SIG" + signal);
    }

    @Override
    public boolean isStopped(int backendPid) {
        return false;
    }

    @Override
    public String hostAddress() {
        throw refused("it is led through a relay");
    }

    @Override
    public void replaceHba(List<String> lines) {
        throw refused("its pg_hba.conf is written");
    }

    @Override
    public void configure(Map<String, String> settings) {
        throw refused("its settings are changed");
    }

    @Override
    public String copyFrom(PgServer source, BaseBackup backup) {
        throw refused("it is made a copy of another");
    }

    @Override
    public void restore(String backup, Recovery recovery) {
        throw refused("it is restored from a base backup");
    }

    @Override
    public String toString() {
        return name + " at " + attached.address();
    }
}
