package org.pgminicluster.server.container;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.exception.ConflictException;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.exception.NotModifiedException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.pgminicluster.MiniClusterException;
import org.pgminicluster.server.Address;
import org.pgminicluster.server.BaseBackup;
import org.pgminicluster.server.Credentials;
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
import org.testcontainers.containers.Container.ExecResult;
import org.testcontainers.images.builder.Transferable;

/**
 * One server in one container. Testcontainers makes and starts it; what comes after goes to the engine directly, since
 * Testcontainers has no word for a server that is down and will come back.
 */
final class ContainerServer implements PgServer {

    private static final Duration HINT = Duration.ofSeconds(1);
    private static final int READABLE_BY_ALL = 0100644;

    private final Engine engine;
    private final ServerSpec spec;
    private final PostgresContainer container;
    private final Optional<Place> place;
    private final LogFollower follower;
    private final Duration patience;
    private final LaterSettings laterSettings = new LaterSettings();

    private final PauseNews pauses =
            new PauseNews(() -> ContainerState.of(client(), requireOpen()).paused());
    private final ContainerShell shell;
    private final ContainerPause pause;
    private volatile @Nullable String id;
    private volatile @Nullable Address address;
    private volatile @Nullable PostgresVersion version;
    private volatile boolean starting;
    /** Whether nothing was done in the container that stays in it when another server begins there. */
    private volatile boolean asNew;

    /** Whether its first session has replaced the template's. */
    private volatile boolean ownCertificate;

    private volatile boolean fromSpare;
    private volatile boolean closed;

    ContainerServer(
            Engine engine,
            ServerSpec spec,
            PostgresContainer container,
            Optional<Place> place,
            LogFollower follower,
            Duration patience) {
        this.engine = engine;
        this.spec = spec;
        this.container = container;
        this.place = place;
        this.follower = follower;
        this.patience = patience;
        this.shell = new ContainerShell(spec.name(), container, pauses, this::failed);
        this.pause = new ContainerPause(
                new Backends(shell),
                pauses,
                () -> client().pauseContainerCmd(requireOpen()).exec(),
                () -> client().unpauseContainerCmd(requireOpen()).exec());
        container.whenCreated(this::created);
    }

    /** Takes over a server that has begun already. */
    synchronized void goOn(Spare spare) {
        id = spare.id();
        fromSpare = true;
        follower.goOn(spare.output());
    }

    /** Whether it was to go on in the container of another server, which has ended instead of beginning again. */
    boolean isOfLostSpare() {
        return fromSpare && !closed && !isRunning();
    }

    /** Starts the server for the first time, from the template, and makes it the one that its spec describes. */
    void startFrom(TemplateImage template) {
        launch();
        try (Connection connection = ready("postgres", template.superuser())) {
            version = Readiness.versionOf(connection);
            FirstSession.apply(connection, spec, engine.host());
            asNew = true;
        } catch (SQLException e) {
            throw failed("could not be prepared: " + e.getMessage(), e);
        }
        if (spec.tls().isPresent()) {
            ownCertificate = true;
            awaitReady();
        }
    }

    /** The first connection to a server that was just started. */
    Connection ready(String database, Credentials superuser) {
        starting = true;
        try {
            follower.awaitHintOfReadiness(HINT);
            return Readiness.await(this, database, superuser, patience);
        } finally {
            starting = false;
        }
    }

    /** Makes and starts the container; the server in it is still to be waited for. */
    synchronized void launch() {
        if (closed) {
            throw new MiniClusterException("expected " + name() + " to be open, but was closed while it started");
        }
        if (id == null) {
            try {
                container.startInBackground();
                follower.begun();
            } catch (RuntimeException e) {
                throw refused(e);
            }
        }
        findAddress(require(id));
    }

    /** Known before the start is tried, so that a container which cannot start is removed like any other. */
    private void created(String containerId) {
        id = containerId;
        follower.attach(client(), containerId);
    }

    private void findAddress(String started) {
        ContainerState state = ContainerState.of(client(), started);
        if (!state.running()) {
            follower.drain();
            throw failed("was expected to start, but exited; the end of its log says why", null);
        }
        int port = place.map(Place::port)
                .or(state::port)
                .orElseThrow(() -> failed("was started without a published port", null));
        address = new Address(engine.host(), port);
    }

    ServerSpec spec() {
        return spec;
    }

    @Override
    public String name() {
        return spec.name();
    }

    @Override
    public ServerKind kind() {
        return ServerKind.CONTAINER;
    }

    @Override
    public PostgresVersion version() {
        return require(version);
    }

    @Override
    public Address clientAddress() {
        Address reached = require(address);
        return new Address(
                reached.host(),
                reached.port(),
                spec.tls().filter(tls -> ownCertificate).map(Tls::rootCertificate));
    }

    @Override
    public Address peerAddress() {
        return new Address(spec.name(), Layout.PORT);
    }

    @Override
    public String passfile() {
        return Layout.PASSFILE;
    }

    @Override
    public String rootCertificate() {
        return Layout.ROOT_CERTIFICATE;
    }

    /** Its container, which nobody gets after this cluster, since whoever has it may do anything to it. */
    @Override
    public <T> Optional<T> unwrap(Class<T> type) {
        if (!type.isInstance(container)) {
            return Optional.empty();
        }
        asNew = false;
        container.handOut(this::clientAddress, spec.database(), spec.superuser());
        return Optional.of(type.cast(container));
    }

    @Override
    public ServerLog log() {
        return follower.log();
    }

    @Override
    public boolean isRunning() {
        String started = id;
        if (started == null) {
            return false;
        }
        if (starting && follower.isFlowing()) {
            // Asked every few milliseconds now, which would take the engine more time than the start itself.
            return true;
        }
        // Another thread may be about to start it: then the output that is open by now is not the one that has ended.
        Object output = follower.begunOutput();
        boolean running = ContainerState.of(client(), started).running();
        if (!running) {
            // Whoever asks is going to look into the log.
            follower.drain(output);
        }
        return running;
    }

    @Override
    public void start() {
        if (restart()) {
            awaitReady();
        }
    }

    private void awaitReady() {
        try {
            ready(spec.database(), spec.superuser()).close();
        } catch (SQLException e) {
            throw failed("did not let go of the first connection: " + e.getMessage(), e);
        }
    }

    @Override
    public void configure(Map<String, String> settings) {
        requireOpen();
        put("given other settings", laterSettings.with(settings), Layout.SETTINGS);
    }

    @Override
    public String copyFrom(PgServer source, BaseBackup backup) {
        return replaceData(() -> new ContainerDataCopy(this).make(backup));
    }

    @Override
    public void restore(String backup, Recovery recovery) {
        replaceData(() -> new ContainerDataCopy(this).restore(backup, recovery));
    }

    private String replaceData(Supplier<String> copy) {
        if (isRunning()) {
            throw new MiniClusterException(
                    "expected " + name() + " to be down when its data is replaced, but was running; stop() it first");
        }
        put("held", "", Layout.HOLD);
        restart();
        String program;
        try {
            program = copy.get();
        } catch (RuntimeException e) {
            // Without data, what the container becomes then ends by itself.
            execute("rm -rf " + Layout.DATA + "; rm " + Layout.HOLD);
            throw e;
        }
        execute("rm " + Layout.HOLD);
        awaitReady();
        return program;
    }

    @Override
    public Optional<ProgramRun> run(String database, String program, List<String> arguments) {
        requireOpen();
        asNew = false;
        return shell.program(spec.superuser().user(), database, program, arguments);
    }

    @Override
    public String files() {
        return Layout.FILES;
    }

    @Override
    public void copyFile(PgServer source, String name) {
        if (!(source instanceof ContainerServer other)) {
            throw new MiniClusterException("expected " + source.name() + " to be a container like " + name()
                    + ", but was a " + source.kind() + "; copy within one group");
        }
        told("given " + name, () -> new ContainerFiles(client(), requireOpen()).copy(other.requireOpen(), name));
    }

    @Override
    public void fetchFile(String name, Path target) {
        told("asked for " + name, () -> new ContainerFiles(client(), requireOpen()).fetch(name, target));
    }

    @Override
    public void giveFile(Path source, String name) {
        told("given " + name, () -> new ContainerFiles(client(), requireOpen()).give(source, name, shell));
    }

    @Override
    public void deleteFile(String name) {
        told("rid of " + name, () -> ContainerFiles.delete(name, shell));
    }

    private synchronized boolean restart() {
        String stopped = requireOpen();
        if (isRunning()) {
            return false;
        }
        follower.attach(client(), stopped);
        try {
            client().startContainerCmd(stopped).exec();
            follower.begun();
        } catch (NotModifiedException e) {
            return false;
        } catch (RuntimeException e) {
            throw refused(e);
        }
        findAddress(stopped);
        return true;
    }

    @Override
    public void stop(StopMode mode) {
        end(mode.signal());
    }

    @Override
    public void kill() {
        end("KILL");
    }

    /** Not synchronized: a server that does not stop can be killed by another thread. */
    private void end(String signal) {
        String running = requireOpen();
        ContainerState state = ContainerState.of(client(), running);
        if (state.running()) {
            try {
                if (state.paused() && !signal.equals("KILL")) {
                    resume();
                }
                client().killContainerCmd(running).withSignal(signal).exec();
            } catch (ConflictException e) {
                // It ended between the question and the signal.
            }
            awaitEnd(running, signal);
        }
        follower.drain();
    }

    private void awaitEnd(String running, String signal) {
        if (!ContainerState.awaitEnd(client(), running, name(), patience)) {
            throw failed("was still running " + patience.toSeconds() + " s after SIG" + signal, null);
        }
    }

    @Override
    public synchronized void pause() {
        told("paused", pause::begin);
    }

    @Override
    public synchronized void resume() {
        told("resumed", pause::end);
    }

    @Override
    public boolean isPaused() {
        return pauses.isPaused();
    }

    @Override
    public boolean isStopped(int backendPid) {
        requireOpen();
        return shell.isStopped(backendPid);
    }

    /** The gateway of the containers' network, if the engine's machine is this one. */
    @Override
    public String hostAddress() {
        requireOpen();
        try {
            return ContainerState.gatewayHere(client(), place.map(Place::id).orElseGet(this::containerId), name());
        } catch (IOException e) {
            throw failed("could not be asked for its way to this machine: " + e.getMessage(), e);
        }
    }

    @Override
    public void signal(String signal, int backendPid) {
        requireOpen();
        shell.signal(signal, backendPid);
    }

    @Override
    public void replaceHba(List<String> lines) {
        requireOpen();
        put("given another pg_hba.conf", String.join("\n", Layout.hba(lines)) + "\n", Layout.HBA);
    }

    private void put(String what, String text, String file) {
        told(what, () -> container.copyFileToContainer(Transferable.of(text, READABLE_BY_ALL), file));
    }

    /** Runs a line of shell in the container. */
    ExecResult execute(String script, String... arguments) {
        return shell.execute(script, arguments);
    }

    @Override
    public synchronized void close() {
        closed = true;
        container.letStartEnd();
        String last = id;
        if (last != null && !startsOver(last)) {
            Removal.kill(client(), last);
            id = null;
            follower.drain();
            Behind.remove("the container of " + name(), () -> Removal.container(client(), last));
        }
    }

    /** Whether the container goes to the next cluster; what a caller did to it beside SQL would be there too. */
    private boolean startsOver(String last) {
        if (!asNew
                || address == null
                || pauses.isPausedHere()
                || !StartOver.of(place, container, last, follower, clientAddress(), spec)) {
            return false;
        }
        id = null;
        return true;
    }

    /** The engine's name for the container. */
    String containerId() {
        return require(id);
    }

    private DockerClient client() {
        return engine.client();
    }

    private String requireOpen() {
        if (closed) {
            throw new MiniClusterException("expected " + name() + " to be open, but was closed");
        }
        return require(id);
    }

    private static <T> T require(@Nullable T value) {
        if (value == null) {
            throw new IllegalStateException("not started yet");
        }
        return value;
    }

    private void told(String what, Runnable command) {
        try {
            command.run();
        } catch (DockerException | UncheckedIOException e) {
            throw failed("could not be " + what + ": " + EngineError.messageOf(e), e);
        }
    }

    private RuntimeException refused(RuntimeException cause) {
        follower.drain();
        return failed("could not be started: " + EngineError.messageOf(cause), cause);
    }

    ServerFailedException failed(String what, @Nullable Throwable cause) {
        return new ServerFailedException(name(), what, log(), cause);
    }
}
