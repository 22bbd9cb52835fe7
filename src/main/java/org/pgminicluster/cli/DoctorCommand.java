package org.pgminicluster.cli;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
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

    private final Context context;
    private final List<Finding> findings = new ArrayList<>();

    @Mixin
    private final ServerOptions servers = new ServerOptions();

    @Option(names = "--json", description = "As JSON.")
    private boolean json;

    DoctorCommand(Context context) {
        this.context = context;
    }

    /** @param state {@code ok}, {@code note} for what can be done without, or {@code missing} */
    record Finding(String what, String state, String text) {}

    @Override
    public Integer call() {
        ServerSettings settings = servers.settings(context);
        PostgresBinaries.offer(settings);
        add("Java", "ok", System.getProperty("java.version") + " in " + System.getProperty("java.home"));
        boolean containers = containers(context.settings("container", settings.postgres()));
        boolean processes = processes(context.settings("process", settings.postgres()));
        add("psql", Programs.find("psql").map(Path::toString), "minicluster sql reads statements itself");
        add("setsid", Programs.find("setsid").map(Path::toString), "a cluster may end with the terminal");
        space("Results", settings.directory());
        space("Data", settings.temporary());
        cluster();
        boolean usable = switch (settings.kind()) {
            case CONTAINER -> containers;
            case PROCESS -> processes;
            case AUTO -> containers || processes;
        };
        print(usable);
        return usable ? Exit.OK : Exit.INCONCLUSIVE;
    }

    private boolean containers(ServerSettings settings) {
        Optional<String> why = ContainerServers.whyUnavailable(settings);
        add("Containers", why.isEmpty() ? "ok" : "missing", why.orElse("an engine answers and has the image"));
        return why.isEmpty();
    }

    /** The one proof that a data directory can be made is to make one. */
    private boolean processes(ServerSettings settings) {
        try {
            LeftoverServers.remove(settings);
            add("Processes", "ok", "PostgreSQL " + settings.postgres() + " can be started on 127.0.0.1");
            return true;
        } catch (EnvironmentException e) {
            add("Processes", "missing", String.valueOf(e.getMessage()));
            return false;
        }
    }

    private void space(String what, Path directory) {
        try {
            Files.createDirectories(directory);
            FileStore store = Files.getFileStore(directory);
            long free = store.getUsableSpace();
            String text = context.shown(directory) + ", " + StatusView.bytes(free) + " free";
            add(what, free >= ENOUGH_BYTES && Files.isWritable(directory) ? "ok" : "missing", text);
        } catch (IOException e) {
            add(what, "missing", directory + " cannot be written: " + e.getMessage());
        }
    }

    private void cluster() {
        try {
            Optional<State> state = context.home().state();
            boolean dead = state.map(State::isKeeperGone).orElse(false);
            add(
                    "Cluster",
                    dead ? "note" : "ok",
                    dead
                            ? "its keeper is gone; remove what it left with minicluster down"
                            : state.map(State::description).orElse("none is up"));
        } catch (MiniClusterException e) {
            add("Cluster", "missing", String.valueOf(e.getMessage()));
        }
    }

    private void add(String what, Optional<String> found, String otherwise) {
        add(what, found.isPresent() ? "ok" : "note", found.orElse("not installed; " + otherwise));
    }

    private void add(String what, String state, String text) {
        findings.add(new Finding(what, state, text));
    }

    private void print(boolean usable) {
        Terminal terminal = context.terminal();
        if (json) {
            terminal.out().println(Answer.JSON.valueToTree(findings).toString());
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
        return line.startsWith("missing") ? terminal.red(line) : line.startsWith("note") ? terminal.yellow(line) : line;
    }
}
