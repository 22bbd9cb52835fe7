package org.pgminicluster.server.container;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.InspectContainerResponse;
import com.github.dockerjava.api.model.ExposedPort;
import com.github.dockerjava.api.model.PortBinding;
import com.github.dockerjava.api.model.Ports;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.pgminicluster.server.Address;
import org.pgminicluster.server.Connections;
import org.pgminicluster.server.Credentials;
import org.testcontainers.containers.output.OutputFrame;
import org.testcontainers.containers.startupcheck.StartupCheckStrategy;
import org.testcontainers.images.RemoteDockerImage;
import org.testcontainers.postgresql.PostgreSQLContainer;
import org.testcontainers.utility.DockerImageName;
import org.testcontainers.utility.ImageNameSubstitutor;

/**
 * Testcontainers' container of PostgreSQL, without its own waits: they poll a few times a second, and do not say what is
 * wrong as the server's log does. Whoever is {@linkplain #handOut handed it} looks at it and connects; it starts and stops
 * with its cluster.
 */
final class PostgresContainer extends PostgreSQLContainer {

    private static final ExposedPort POSTGRES = ExposedPort.tcp(Layout.PORT);

    private final CompletableFuture<@Nullable Void> started = new CompletableFuture<>();
    private volatile CompletableFuture<@Nullable Void> start = CompletableFuture.completedFuture(null);
    private final String image;
    private Consumer<String> whenCreated = id -> {};
    private volatile @Nullable Supplier<Address> reachedAt;

    private PostgresContainer(String image, String name, Map<String, String> labels, List<String> command) {
        super(DockerImageName.parse(image).asCompatibleSubstituteFor(IMAGE));
        this.image = image;
        setImage(new RemoteDockerImage(DockerImageName.parse(image))
                .withImagePullPolicy(any -> false)
                .withImageNameSubstitutor(new AsItIs()));
        // Testcontainers waits 5 seconds for the ports of a server that exited at once.
        setExposedPorts(List.of());
        withLabels(labels);
        withCommand(command.toArray(String[]::new));
        withStartupCheckStrategy(new NoCheck());
        // Followed by nobody, see followOutput.
        withLogConsumer(frame -> {});
        withCreateContainerCmdModifier(create -> create.withName(name)
                .getHostConfig()
                // With another process as number 1 a crashed server's postmaster.pid might name a living process.
                .withInit(false));
    }

    /** Of an image as it is, with a port of its own, as root. */
    static PostgresContainer ofImage(
            Engine engine,
            String image,
            String name,
            Map<String, String> labels,
            List<String> command,
            Map<String, String> environment) {
        PostgresContainer container = new PostgresContainer(image, name, labels, command);
        container.withEnv(environment);
        container.withCreateContainerCmdModifier(create -> create.withUser("0")
                .withExposedPorts(POSTGRES)
                .getHostConfig()
                .withPortBindings(new PortBinding(new Ports.Binding(engine.publishedOn(), ""), POSTGRES)));
        return container;
    }

    /**
     * For a template, whose data directory needs no preparation: the server is process number 1 from the beginning,
     * without the image's entrypoint, which takes longer than the server itself to start.
     */
    static PostgresContainer ofTemplate(
            TemplateImage template,
            String name,
            Map<String, String> labels,
            List<String> command,
            NetworkNamespace namespace) {
        PostgresContainer container = new PostgresContainer(template.image(), name, labels, command);
        container.withNetworkMode("container:" + namespace.id());
        container.withTmpFs(template.noVolumes());
        container.withCreateContainerCmdModifier(create ->
                create.withUser(TemplateImage.SUPERUSER).withEntrypoint(Layout.ENTRYPOINT.toArray(String[]::new)));
        return container;
    }

    /** The name of what it was made of. */
    String image() {
        return image;
    }

    /** The action gets the container's id before the container is started. */
    void whenCreated(Consumer<String> action) {
        whenCreated = action;
    }

    /**
     * What others are told of it from now on.
     *
     * @param address where the server is reached whenever it is asked for
     */
    void handOut(Supplier<Address> address, String database, Credentials login) {
        reachedAt = address;
        withDatabaseName(database);
        withUsername(login.user());
        withPassword(login.password());
        Connections.verifying(address.get()).forEach(this::withUrlParam);
        setExposedPorts(List.of(Layout.PORT));
    }

    /** Its cluster has started it. */
    @Override
    public void start() {
        start.join();
    }

    /** Its cluster ends it. */
    @Override
    public void stop() {}

    @Override
    public String getHost() {
        Supplier<Address> address = reachedAt;
        return address == null ? super.getHost() : address.get().host();
    }

    /** The port may be published by the container whose network this one uses. */
    @Override
    public Integer getMappedPort(int originalPort) {
        Supplier<Address> address = reachedAt;
        return address == null || originalPort != Layout.PORT
                ? super.getMappedPort(originalPort)
                : address.get().port();
    }

    /** What the image is told stands in its environment, and a template needs to be told nothing. */
    @Override
    protected void configure() {}

    @Override
    protected void waitUntilContainerStarted() {}

    /** Testcontainers logs a JDBC URL here, which it does not know. */
    @Override
    protected void containerIsStarted(InspectContainerResponse information) {}

    /**
     * Returns when the engine has started the container. Testcontainers looks at it for another tenth of a second
     * and more; meanwhile the server comes up.
     */
    void startInBackground() {
        start = CompletableFuture.runAsync(super::start, PostgresContainer::inThread);
        CompletableFuture.anyOf(started, start).join();
    }

    /** To be called before anything that the start may not be in the middle of, such as a removal. */
    void letStartEnd() {
        start.handle((nothing, failure) -> nothing).join();
    }

    private static void inThread(Runnable action) {
        Thread thread = new Thread(action, "pg-minicluster-start");
        thread.setDaemon(true);
        thread.start();
    }

    /** Runs a line of shell in the container. */
    ExecResult execute(String script, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("sh", "-c", script, "sh"));
        command.addAll(List.of(arguments));
        letStartEnd();
        return execInContainer(command.toArray(String[]::new));
    }

    @Override
    protected void containerIsCreated(String containerId) {
        whenCreated.accept(containerId);
    }

    /** Called right after the start and before Testcontainers looks for the ports in steps of 100 milliseconds. */
    @Override
    public void followOutput(Consumer<OutputFrame> consumer) {
        started.complete(null);
    }

    /** The name has been through the substitutor, or is of a template, which no registry has. */
    private static final class AsItIs extends ImageNameSubstitutor {
        @Override
        public DockerImageName apply(DockerImageName name) {
            return name;
        }

        @Override
        protected String getDescription() {
            return "none";
        }
    }

    private static final class NoCheck extends StartupCheckStrategy {
        @Override
        public boolean waitUntilStartupSuccessful(DockerClient client, String containerId) {
            return true;
        }

        @Override
        public StartupStatus checkStartupState(DockerClient client, String containerId) {
            return StartupStatus.SUCCESSFUL;
        }
    }
}
