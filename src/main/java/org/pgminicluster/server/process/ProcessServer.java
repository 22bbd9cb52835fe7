package org.pgminicluster.server.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.pgminicluster.MiniClusterException;
import org.pgminicluster.server.Address;
import org.pgminicluster.server.BaseBackup;
import org.pgminicluster.server.Connections;
import org.pgminicluster.server.PgServer;
import org.pgminicluster.server.PostgresVersion;
import org.pgminicluster.server.ProgramRun;
import org.pgminicluster.server.Readiness;
import org.pgminicluster.server.Recovery;
import org.pgminicluster.server.ServerFailedException;
import org.pgminicluster.server.ServerKind;
import org.pgminicluster.server.ServerLog;
import org.pgminicluster.server.ServerSpec;
import org.pgminicluster.server.StopMode;
import org.pgminicluster.server.Tls;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A server that is a process of this machine, listening on its loopback address. */
final class ProcessServer implements PgServer {

    private static final Logger LOG = LoggerFactory.getLogger(ProcessServer.class);
    private static final int PORTS_TO_TRY = 20;
    private static final Duration CONNECT = Duration.ofSeconds(5);

    private final ServerSpec spec;
    private final Binaries binaries;
    private final ClientPrograms programs;
    private final ServerDirectory directory;
    private final ServerLog log;
    private final Duration atMost;

    /** Guards launching against closing; nobody waits for a server while holding it. */
    private final Object launching = new Object();

    /** Held while closing, so that whoever closes it a second time returns when it is gone, too. */
    private final Object closing = new Object();

    private @Nullable Postmaster postmaster;
    private boolean closed;
    private boolean gone;

    /** What the data directory goes back to, while it is the one that came from there. */
    private volatile @Nullable Loan lent;

    private volatile boolean paused;
    private volatile int port;
    private volatile List<String> hba;
    private volatile Map<String, String> laterSettings = Map.of();

    ProcessServer(
            ServerSpec spec, Binaries binaries, ClientPrograms programs, Path home, Path logFile, Duration atMost) {
        this.spec = spec;
        this.hba = spec.hba();
        this.binaries = binaries;
        this.programs = programs;
        this.directory = new ServerDirectory(home);
        this.log = new ServerLog(logFile);
        this.atMost = atMost;
        this.port = spec.port();
    }

    /** Makes the server from the template and starts it for the first time. */
    void create(DataStock stock) {
        try {
            Files.write(log.file(), new byte[0]);
        } catch (IOException e) {
            throw Directories.unwritable(log.file(), "the log", "minicluster.directory", e);
        }
        directory.fill(stock, spec);
        binaries.runAs().handOver(directory.home());
        lent = directory.lentFrom(stock);
        int exitCode =
                new SingleUser(binaries, directory.data(), log.file(), atMost).run(FirstSettings.statements(spec));
        if (exitCode != 0) {
            throw new ServerFailedException(
                    name(),
                    "could not get its database " + spec.database() + " and its superuser " + spec.superuser(),
                    log,
                    null);
        }
        launchFirst();
        try (Connection connection = Readiness.await(this, spec.database(), spec.superuser(), atMost)) {
            LOG.debug("{} lets its superuser in by {}", name(), connection);
        } catch (SQLException e) {
            throw new ServerFailedException(name(), "did not let go of a connection: " + e.getMessage(), log, e);
        }
    }

    private void launchFirst() {
        if (spec.port() != 0) {
            launchAndAwait();
            return;
        }
        for (int attempt = 1; attempt < PORTS_TO_TRY; attempt++) {
            port = Ports.free();
            try {
                launchAndAwait();
                return;
            } catch (PortTakenException e) {
                // Somebody was faster between choosing and binding.
            }
        }
        port = Ports.free();
        launchAndAwait();
    }

    @Override
    public String name() {
        return spec.name();
    }

    @Override
    public ServerKind kind() {
        return ServerKind.PROCESS;
    }

    @Override
    public PostgresVersion version() {
        return binaries.version();
    }

    @Override
    public Address clientAddress() {
        return new Address(StartSettings.HOST, port, spec.tls().map(Tls::rootCertificate));
    }

    @Override
    public Address peerAddress() {
        return new Address(StartSettings.HOST, port);
    }

    @Override
    public String passfile() {
        return directory.passfile().toString();
    }

    @Override
    public String rootCertificate() {
        return directory.rootCertificate().toString();
    }

    @Override
    public ServerLog log() {
        return log;
    }

    @Override
    public boolean isRunning() {
        Postmaster current = current();
        return current != null && current.isRunning();
    }

    @Override
    public void start() {
        launchAndAwait();
    }

    @Override
    public void stop(StopMode mode) {
        Postmaster current = current();
        if (current == null || !current.isRunning()) {
            return;
        }
        if (paused) {
            throw new MiniClusterException(
                    "expected " + name() + " to be awake when it is stopped, but was paused; resume() it first");
        }
        if (!current.stop(mode.signal(), atMost)) {
            throw new ServerFailedException(
                    name(),
                    "did not stop within " + atMost.toSeconds() + " s after SIG" + mode.signal()
                            + "; a walsender may wait for a receiver that is paused or cut off, or a backend may have been stopped",
                    log,
                    null);
        }
    }

    @Override
    public void kill() {
        Postmaster current = current();
        if (current != null) {
            current.kill();
            paused = false;
        }
    }

    @Override
    public void pause() {
        if (binaries.platform().isWindows()) {
            throw new MiniClusterException("expected the system to be able to pause the processes of " + name()
                    + ", but Windows is not; run with -Dminicluster.servers=container");
        }
        running("paused").pause();
        paused = true;
    }

    @Override
    public void resume() {
        running("resumed").resume();
        paused = false;
    }

    @Override
    public boolean isPaused() {
        return paused && isRunning();
    }

    @Override
    public boolean isStopped(int backendPid) {
        return running("looked at").isStopped(backendPid);
    }

    /** Servers and this JVM share the loopback address. */
    @Override
    public String hostAddress() {
        return StartSettings.HOST;
    }

    @Override
    public void signal(String signal, int backendPid) {
        if (!signal.matches("[A-Z][A-Z0-9]*")) {
            throw new MiniClusterException(
                    "expected a signal to be a name such as STOP or TERM, but was \"" + signal + "\"");
        }
        Postmaster current = running("signalled");
        List<Long> children = current.children();
        if (!children.contains((long) backendPid)) {
            throw new MiniClusterException("expected the pid to be that of a process of " + name() + " " + children
                    + ", but was " + backendPid);
        }
        current.signal(signal, backendPid);
    }

    @Override
    public void replaceHba(List<String> lines) {
        hba = List.copyOf(lines);
        directory.writeHba(lines, spec);
    }

    @Override
    public void configure(Map<String, String> settings) {
        Map<String, String> all = new LinkedHashMap<>(laterSettings);
        all.putAll(settings);
        laterSettings = all;
    }

    @Override
    public String copyFrom(PgServer source, BaseBackup backup) {
        ProcessServer copied = alike(source);
        endForGood();
        String program = new DataCopy(binaries, programs, directory.data(), log.file(), atMost)
                .make(backup, copied.directory.data(), copied::connect);
        startOnCopy();
        return program;
    }

    @Override
    public void restore(String backup, Recovery recovery) {
        endForGood();
        try {
            Directories.delete(directory.data());
            TreeCopy.copy(directory.files().resolve(backup), directory.data());
            int major = version().major();
            Directories.write(directory.data().resolve(Recovery.signal(major)), "", "rw-------");
            Files.writeString(
                    directory.data().resolve(Recovery.file(major)), recovery.lines(), StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new MiniClusterException("could not restore " + backup + " on " + name() + ": " + e, e);
        }
        startOnCopy();
    }

    private ProcessServer alike(PgServer other) {
        if (other instanceof ProcessServer process) {
            return process;
        }
        throw new MiniClusterException("expected " + other.name() + " to be a process like " + name() + ", but was a "
                + other.kind() + "; copy within one group");
    }

    private void endForGood() {
        lent = null;
        if (isRunning()) {
            throw new MiniClusterException(
                    "expected " + name() + " to be down when its data is replaced, but was running; stop() it first");
        }
        Postmaster last = current();
        if (last != null) {
            last.end();
        }
    }

    private void startOnCopy() {
        binaries.runAs().handOver(directory.home());
        directory.writeHba(hba, spec);
        launchAndAwait();
    }

    /** As the superuser; a read takes as long as a checkpoint. */
    private Connection connect() throws SQLException {
        return Connections.open(
                clientAddress(), spec.database(), spec.superuser(), "pg-minicluster backup", CONNECT, atMost);
    }

    @Override
    public Optional<ProgramRun> run(String database, String program, List<String> arguments) {
        return programs.serving(program, version().major()).map(file -> {
            List<String> command = new ArrayList<>(List.of(file.toString()));
            command.addAll(arguments);
            return Command.capture(
                    binaries.runAs().command(command), ownConnection(database), directory.files(), atMost);
        });
    }

    private Map<String, String> ownConnection(String database) {
        Map<String, String> connection = new LinkedHashMap<>();
        connection.put("PGHOST", StartSettings.HOST);
        connection.put("PGPORT", Integer.toString(port));
        connection.put("PGUSER", spec.superuser().user());
        connection.put("PGPASSFILE", directory.superuserPassfile().toString());
        connection.put("PGDATABASE", database);
        if (spec.tls().isPresent()) {
            // Programs before 15 do not find addresses in a certificate.
            connection.put("PGHOST", name());
            connection.put("PGHOSTADDR", StartSettings.HOST);
            connection.put("PGSSLMODE", "verify-full");
            connection.put("PGSSLROOTCERT", rootCertificate());
        }
        return connection;
    }

    @Override
    public void copyFile(PgServer source, String name) {
        giveFile(alike(source).directory.files().resolve(name), name);
    }

    @Override
    public void fetchFile(String name, Path target) {
        LocalFiles.copy(directory.files().resolve(name), target);
    }

    @Override
    public void giveFile(Path source, String name) {
        Path copy = directory.files().resolve(name);
        LocalFiles.copy(source, copy);
        binaries.runAs().handOver(copy);
    }

    @Override
    public void deleteFile(String name) {
        LocalFiles.delete(directory.files().resolve(name));
    }

    @Override
    public String files() {
        return directory.files().toString();
    }

    @Override
    public void close() {
        Postmaster last;
        synchronized (launching) {
            closed = true;
            last = postmaster;
        }
        synchronized (closing) {
            if (gone) {
                return;
            }
            try {
                if (last != null) {
                    last.end();
                }
                Loan loan = lent;
                if (loan != null) {
                    loan.stock().giveBack(directory.data(), loan.since());
                }
            } finally {
                directory.delete();
            }
            gone = true;
        }
    }

    @Override
    public String toString() {
        return name() + " at " + clientAddress();
    }

    private void launchAndAwait() {
        ServerLog.Mark before = log.mark();
        Postmaster launched = launch();
        if (!launched.awaitReady(atMost)) {
            if (launched.isRunning()) {
                throw new ServerFailedException(
                        name(),
                        "was expected to get ready within " + atMost.toSeconds() + " s, but did not; look at the end of"
                                + " its log, or allow more time by -Dminicluster.timeout.scale",
                        log,
                        null);
            }
            if (isPortTaken(log.since(before))) {
                throw new PortTakenException(name(), port);
            }
            throw new ServerFailedException(
                    name(), "was expected to start, but exited; the end of its log says why", log, null);
        }
    }

    private Postmaster launch() {
        synchronized (launching) {
            if (closed) {
                throw new MiniClusterException("expected " + name() + " to be open, but was closed");
            }
            if (postmaster != null && postmaster.isRunning()) {
                throw new MiniClusterException("expected " + name()
                        + " to be down when it is started, but was running; stop() or kill() it first");
            }
            if (postmaster != null) {
                // A postmaster that was killed alone leaves children that still write to the same files.
                postmaster.kill();
            }
            paused = false;
            Postmaster launched = Postmaster.launch(
                    name(),
                    binaries,
                    directory.data(),
                    StartSettings.arguments(StartSettings.of(spec, laterSettings, directory, port)),
                    log.file());
            postmaster = launched;
            return launched;
        }
    }

    private @Nullable Postmaster current() {
        synchronized (launching) {
            return postmaster;
        }
    }

    private Postmaster running(String what) {
        Postmaster current = current();
        if (current == null || !current.isRunning()) {
            throw new MiniClusterException(
                    "expected " + name() + " to be running when it is " + what + ", but was down; start() it first");
        }
        return current;
    }

    /** Two wordings, since the second half is the system's. */
    static boolean isPortTaken(String log) {
        return log.contains("could not bind IPv4 address")
                && (log.contains("Address already in use") || log.contains("Only one usage of each socket address"));
    }
}
