package org.pgminicluster.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.pgminicluster.EnvironmentException;
import org.pgminicluster.MiniClusterException;
import org.pgminicluster.cluster.LeftoverServers;
import org.pgminicluster.server.ServerSettings;
import org.pgminicluster.server.container.ContainerServers;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Looks whether this machine can run clusters, and says what to do where it cannot. */
@Command(name = "doctor", description = "Look whether this machine can run clusters.")
final class DoctorCommand implements Callable<Integer> {

    private static final long ENOUGH_BYTES = 1L << 30;
    private static final long PATIENCE_SECONDS = 5;
    private static final String OK = "ok";
    private static final String NOTE = "note";
    private static final String MISSING = "missing";

    static final String TOO_SLOW = "expected containers to be ready within " + PATIENCE_SECONDS
            + " s, but were not; an image may be on its way: look again in a minute, or do . scripts/container-env first";

    private final Context context;
    private final List<Finding> findings = new ArrayList<>();

    @Mixin
    private final ServerOptions servers = new ServerOptions();

    @Option(names = "--json", description = "As JSON.")
    private boolean json;

    DoctorCommand(Context context) {
        this.context = context;
    }

    /** @param state {@code ok}, {@code note} for what one can do without, or {@code missing} */
    record Finding(String what, String state, String text) {}

    @Override
    public Integer call() {
        ServerSettings settings = servers.settings(context);
        PostgresBinaries.offer(settings);
        add("Java", OK, System.getProperty("java.version") + " in " + System.getProperty("java.home"));
        CompletableFuture<Optional<String>> asked = askForContainers(settings);
        Optional<String> noProcesses = whyNoProcesses(settings);
        Optional<String> noContainers = asked.join();
        ServerSettings.Kind kind = settings.kind();
        // What nobody asks for may be missing, and of two that will do, one.
        boolean needsContainers =
                kind == ServerSettings.Kind.CONTAINER || (kind == ServerSettings.Kind.AUTO && noProcesses.isPresent());
        boolean needsProcesses =
                kind == ServerSettings.Kind.PROCESS || (kind == ServerSettings.Kind.AUTO && noContainers.isPresent());
        servers("Containers", noContainers, needsContainers, "an engine answers and has the image");
        servers(
                "Processes",
                noProcesses,
                needsProcesses,
                "PostgreSQL " + settings.postgres() + " can be started on 127.0.0.1");
        add("psql", Programs.find("psql").map(Path::toString), "minicluster sql reads statements itself");
        add("setsid", Programs.find("setsid").map(Path::toString), "a cluster may end with the terminal");
        space("Results", settings.directory());
        space("Data", settings.temporary());
        cluster();
        boolean usable = findings.stream().noneMatch(finding -> finding.state().equals(MISSING));
        print(usable);
        return usable ? Exit.OK : Exit.INCONCLUSIVE;
    }

    /** An engine may be pulling an image meanwhile, and this command is to be quick. */
    private CompletableFuture<Optional<String>> askForContainers(ServerSettings settings) {
        ServerSettings containers = context.settings("container", settings.postgres());
        CompletableFuture<Optional<String>> asked = new CompletableFuture<>();
        Thread thread = new Thread(
                () -> {
                    try {
                        asked.complete(ContainerServers.whyUnavailable(containers));
                    } catch (RuntimeException e) {
                        asked.complete(Optional.of(String.valueOf(e.getMessage())));
                    }
                },
                "doctor-containers");
        thread.setDaemon(true);
        thread.start();
        return asked.completeOnTimeout(Optional.of(TOO_SLOW), PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    /** The one proof that a data directory can be made is to make one. */
    private Optional<String> whyNoProcesses(ServerSettings settings) {
        try {
            LeftoverServers.remove(context.settings("process", settings.postgres()));
            return Optional.empty();
        } catch (EnvironmentException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    private void servers(String what, Optional<String> why, boolean needed, String otherwise) {
        add(what, why.isEmpty() ? OK : needed ? MISSING : NOTE, why.orElse(otherwise));
    }

    private void space(String what, Path directory) {
        try {
            Files.createDirectories(directory);
            long free = Files.getFileStore(directory).getUsableSpace();
            String text = context.shown(directory) + ", " + StatusView.bytes(free) + " free";
            if (!Files.isWritable(directory)) {
                add(what, MISSING, context.shown(directory) + " cannot be written");
            } else if (free < ENOUGH_BYTES) {
                add(what, NOTE, text + "; " + StatusView.bytes(ENOUGH_BYTES) + " are better");
            } else {
                add(what, OK, text);
            }
        } catch (IOException e) {
            add(what, MISSING, context.shown(directory) + " cannot be written (" + e + ")");
        }
    }

    private void cluster() {
        try {
            Optional<DaemonState> state = context.directory().state();
            boolean dead = state.map(DaemonState::isGone).orElse(false);
            add(
                    "Cluster",
                    dead ? NOTE : OK,
                    dead
                            ? "its daemon is gone; remove what it left with minicluster down"
                            : state.map(DaemonState::description).orElse("none is up"));
        } catch (MiniClusterException e) {
            add("Cluster", MISSING, String.valueOf(e.getMessage()));
        }
    }

    private void add(String what, Optional<String> found, String otherwise) {
        add(what, found.isPresent() ? OK : NOTE, found.orElse("not installed; " + otherwise));
    }

    private void add(String what, String state, String text) {
        findings.add(new Finding(what, state, text));
    }

    private void print(boolean usable) {
        Terminal terminal = context.terminal();
        if (json) {
            terminal.json(findings);
            return;
        }
        TextTable table = new TextTable("State", "What", "Found");
        findings.forEach(finding -> table.row(finding.state(), finding.what(), finding.text()));
        List<String> lines = table.lines(terminal.width());
        terminal.out().println(terminal.bold(lines.get(0)));
        lines.subList(1, lines.size()).forEach(line -> terminal.out().println(coloured(line)));
        terminal.out().println();
        terminal.out()
                .println(
                        usable
                                ? terminal.green("This machine can run clusters.")
                                : terminal.red("This machine cannot run such clusters;")
                                        + " see what is missing above.");
    }

    private String coloured(String line) {
        Terminal terminal = context.terminal();
        return line.startsWith(MISSING) ? terminal.red(line) : line.startsWith(NOTE) ? terminal.yellow(line) : line;
    }
}
