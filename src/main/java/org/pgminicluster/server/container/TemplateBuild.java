package org.pgminicluster.server.container;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.WaitContainerResultCallback;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.model.Image;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.pgminicluster.MiniClusterException;
import org.pgminicluster.server.Passwords;
import org.pgminicluster.server.ServerFailedException;
import org.pgminicluster.server.ServerSettings;
import org.pgminicluster.server.ServerSpec;
import org.pgminicluster.server.ShutdownHook;
import org.pgminicluster.server.StopMode;
import org.pgminicluster.server.tls.Authority;
import org.pgminicluster.server.tls.Identity;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.Container.ExecResult;

/** Makes a template: lets the image initialise a data directory, stops the server cleanly, keeps what it left. */
final class TemplateBuild {

    private static final Logger LOG = LoggerFactory.getLogger(TemplateBuild.class);
    private static final String NAME = "template";

    /** Nobody but a server's first session is let in. */
    private static final String FIRST_SESSION_ONLY = "host postgres " + TemplateImage.SUPERUSER + " all scram-sha-256";

    /**
     * The files get owner and mode here, once, and keep them when a server's first session writes into them. Settings
     * that need a restart go out of the configuration file: where the command line says otherwise, the server would
     * complain about them at each reload.
     */
    private static final String MAKE_FILES = "cd " + Layout.DIRECTORY
            + " && : > passfile && chmod 0600 passfile && mkdir -p files"
            + " && : > root.crt && printf %s \"$1\" > server.crt && chmod 0644 root.crt server.crt"
            + " && : > server.key && chmod 0600 server.key && printf %s \"$2\" > server.key && shift 2"
            + " && printf '%s\\n' \"$@\" > pg_hba.conf && chmod 0644 pg_hba.conf"
            + " && sed -i -e 's/^shared_buffers/#&/' -e 's/^max_connections/#&/' -e 's/^listen_addresses/#&/'"
            + " data/postgresql.conf"
            + " && chown postgres . files passfile pg_hba.conf server.crt server.key root.crt data/postgresql.conf";

    /** What a server that begins again begins with; only when the first one has ended are the files whole. */
    private static final String KEEP_PRISTINE = "cd " + Layout.DIRECTORY + " && mkdir " + Layout.PRISTINE
            + " && cp -a data pg_hba.conf server.crt server.key " + Layout.PRISTINE;

    private final Engine engine;
    private final BaseImage base;
    private final ServerSettings settings;

    TemplateBuild(Engine engine, BaseImage base, ServerSettings settings) {
        this.engine = engine;
        this.base = base;
        this.settings = settings;
    }

    /** Makes the image, and removes the ones that older images of the base's name were the base of. */
    void make(String image) {
        LOG.info("making {} from {}; later runs find it there", image, base.name());
        TemplateImage template = new TemplateImage(image, Passwords.random(), Set.of());
        ContainerServer server = server(template);
        ShutdownHook.register(server);
        try {
            server.launch();
            server.ready(TemplateImage.DATABASE, template.superuser()).close();
            makeFiles(server);
            server.stop(StopMode.FAST);
            commit(server, template);
        } catch (SQLException e) {
            throw new ServerFailedException(NAME, "did not let go of a connection", server.log(), e);
        } finally {
            server.close();
            ShutdownHook.unregister(server);
        }
        removeSuperseded(image);
    }

    private ContainerServer server(TemplateImage template) {
        Map<String, String> arguments = new LinkedHashMap<>();
        arguments.put("listen_addresses", "*");
        arguments.put("fsync", "off");
        ServerSpec spec =
                new ServerSpec(NAME, TemplateImage.DATABASE, template.superuser(), arguments, List.of(), List.of(), 0);
        // Whoever the image would start as: the directory is made outside of what belongs to that user.
        PostgresContainer container = PostgresContainer.ofImage(
                engine,
                base.name(),
                Names.unique(NAME),
                EngineLabels.ofGroup(NAME),
                CommandLine.render(arguments),
                Map.of(
                        "PGDATA",
                        Layout.DATA,
                        "POSTGRES_USER",
                        TemplateImage.SUPERUSER,
                        "POSTGRES_PASSWORD",
                        template.password(),
                        "POSTGRES_DB",
                        TemplateImage.DATABASE,
                        "POSTGRES_INITDB_ARGS",
                        TemplateImage.initdb(settings),
                        "POSTGRES_HOST_AUTH_METHOD",
                        "scram-sha-256"));
        LogFollower follower = new LogFollower(settings.cache().resolve("container-template.log"));
        return new ContainerServer(engine, spec, container, Optional.empty(), follower, settings.startTimeout());
    }

    private static void makeFiles(ContainerServer server) {
        // Nobody believes in the authority that signs it.
        Identity nobody = Authority.of(NAME).issue(NAME, List.of());
        List<String> arguments = new ArrayList<>(List.of(nobody.certificate(), nobody.key()));
        arguments.addAll(Layout.hba(List.of(FIRST_SESSION_ONLY)));
        ExecResult result = server.execute(MAKE_FILES, arguments.toArray(String[]::new));
        if (result.getExitCode() != 0) {
            throw new MiniClusterException("could not make the files of a template: "
                    + result.getStderr().strip());
        }
    }

    private void commit(ContainerServer server, TemplateImage template) {
        DockerClient client = engine.client();
        String stopped = client.commitCmd(server.containerId())
                .withEnv("POSTGRES_PASSWORD=")
                .exec();
        String copying = client.createContainerCmd(stopped)
                .withLabels(EngineLabels.ofGroup(NAME))
                .withUser("0")
                .withEntrypoint("sh", "-c", KEEP_PRISTINE)
                .exec()
                .getId();
        try {
            client.startContainerCmd(copying).exec();
            int exitCode = client.waitContainerCmd(copying)
                    .exec(new WaitContainerResultCallback())
                    .awaitStatusCode(settings.startTimeout().toMillis(), TimeUnit.MILLISECONDS);
            if (exitCode != 0) {
                throw new MiniClusterException("expected the files of a template to be copied, but cp ended with "
                        + exitCode + "; look for a full disk");
            }
            commit(copying, template);
        } finally {
            Removal.container(client, copying);
        }
    }

    private void commit(String container, TemplateImage template) {
        Map<String, String> labels = new HashMap<>();
        // What the container was labelled with goes into the image too, and there it would be a lie: that somebody
        // owns it, or that it is of this session of Testcontainers, which would remove it at the end.
        EngineLabels.ofGroup(NAME).keySet().forEach(label -> labels.put(label, ""));
        DockerClientFactory.DEFAULT_LABELS.keySet().forEach(label -> labels.put(label, ""));
        labels.put(DockerClientFactory.TESTCONTAINERS_SESSION_ID_LABEL, "");
        labels.put(EngineLabels.GROUP, NAME);
        labels.put(TemplateImage.BASE_LABEL, base.name());
        labels.put(TemplateImage.LAYOUT_LABEL, Integer.toString(Layout.NUMBER));
        labels.put(TemplateImage.PASSWORD_LABEL, template.password());
        String[] parts = template.image().split(":");
        engine.client()
                .commitCmd(container)
                .withRepository(parts[0])
                .withTag(parts[1])
                .withEnv("POSTGRES_PASSWORD=")
                .withLabels(labels)
                .exec();
    }

    private void removeSuperseded(String image) {
        for (Image other : engine.client()
                .listImagesCmd()
                .withLabelFilter(Map.of(
                        TemplateImage.BASE_LABEL,
                        base.name(),
                        TemplateImage.LAYOUT_LABEL,
                        Integer.toString(Layout.NUMBER)))
                .exec()) {
            String[] tags = other.getRepoTags();
            if (tags == null || !List.of(tags).contains(image)) {
                try {
                    engine.client().removeImageCmd(other.getId()).exec();
                } catch (DockerException e) {
                    LOG.debug("{} is still in use", other.getId(), e);
                }
            }
        }
    }
}
