package org.pgminicluster.cli;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.pgminicluster.EnvironmentException;
import org.pgminicluster.server.ServerSettings;

/** Starts a keeper in a session of its own, so that it outlives this process and the terminal, and tells how it goes. */
final class KeeperStart {

    private static final int STOP_SECONDS = 60;

    private final Context context;
    private final ServerSettings settings;
    private final Home home;
    private final boolean quiet;
    private final long began = System.nanoTime();

    KeeperStart(Context context, ServerSettings settings, Home home, boolean quiet) {
        this.context = context;
        this.settings = settings;
        this.home = home;
        this.quiet = quiet;
    }

    /**
     * Returns when the cluster is up. If this process is ended before, the keeper is told to clean up.
     *
     * @throws CommandException with what the keeper says if it does not come up
     */
    void start(List<String> options) {
        Process keeper = begin(options);
        Thread onInterrupt = new Thread(() -> stop(keeper), "stop-keeper");
        Runtime.getRuntime().addShutdownHook(onInterrupt);
        boolean up = false;
        try {
            follow(keeper);
            up = true;
        } finally {
            if (!up) {
                stop(keeper);
            }
            forget(onInterrupt);
        }
    }

    private static void forget(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // It runs already.
        }
    }

    private Process begin(List<String> options) {
        try {
            Files.createDirectories(home.directory());
            return new ProcessBuilder(command(options))
                    .redirectInput(ProcessBuilder.Redirect.from(nothing()))
                    .redirectError(home.keeperOutput().toFile())
                    .start();
        } catch (IOException e) {
            throw new EnvironmentException(
                    "expected the directory " + home.directory() + " to be writable and java to be startable, but was"
                            + " not (" + e.getMessage() + "); choose another with -Dminicluster.directory=DIRECTORY",
                    e);
        }
    }

    private static File nothing() {
        return new File(System.getProperty("os.name", "").startsWith("Windows") ? "NUL" : "/dev/null");
    }

    private List<String> command(List<String> options) {
        List<String> command = new ArrayList<>(detaching());
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx256m"));
        command.addAll(sharedClasses());
        ServerSettings.keys().forEach(key -> {
            String value = context.properties().getProperty(key, "");
            if (!value.isEmpty() && !key.equals("minicluster.servers") && !key.equals("minicluster.postgres")) {
                command.add("-D" + key + "=" + value);
            }
        });
        command.add("-Dminicluster.log=INFO");
        command.add("-Dminicluster.servers=" + settings.kind());
        command.add("-Dminicluster.postgres=" + settings.postgres());
        List<String> classPath = new ArrayList<>(List.of(System.getProperty("java.class.path")));
        PostgresBinaries.of(settings, PostgresBinaries.repository()).forEach(jar -> classPath.add(jar.toString()));
        command.addAll(List.of("-cp", String.join(File.pathSeparator, classPath), Main.class.getName(), Keeper.NAME));
        command.addAll(options);
        return command;
    }

    /** The archive of the launcher, if it is the one that started this JVM. */
    private static List<String> sharedClasses() {
        Path archive = Path.of(System.getProperty("java.class.path", "").replaceFirst("\\.jar$", "") + ".jsa");
        return Files.isReadable(archive)
                ? List.of("-Xshare:auto", "-Xlog:disable", "-Xlog:all=off", "-XX:SharedArchiveFile=" + archive)
                : List.of();
    }

    /** Out of reach of Ctrl-C and of the terminal's end. */
    private static List<String> detaching() {
        return Stream.of("setsid", "nohup")
                .filter(program -> Programs.find(program).isPresent())
                .findFirst()
                .map(List::of)
                .orElse(List.of());
    }

    private void follow(Process keeper) {
        Terminal terminal = context.terminal();
        try (BufferedReader in = keeper.inputReader(StandardCharsets.UTF_8)) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                Reply reply = Answer.JSON.readValue(line, Reply.class);
                switch (reply.kind()) {
                    case END -> {
                        terminal.out().println(String.format(Locale.ROOT, "%6.1f s  up", seconds()));
                        return;
                    }
                    case ERROR -> throw new CommandException(reply.exit(), reply.shown());
                    case TYPED -> {
                        if (!quiet) {
                            terminal.typed(new Typed(reply.node(), reply.shown()));
                        }
                    }
                    default ->
                        terminal.out().println(String.format(Locale.ROOT, "%6.1f s  %s", seconds(), reply.shown()));
                }
            }
        } catch (IOException e) {
            throw ended(e);
        }
        throw ended(null);
    }

    private CommandException ended(@Nullable IOException e) {
        return CommandException.inconclusive("expected the keeper of the cluster to start, but it ended"
                + (e == null ? "" : " (" + e.getMessage() + ")") + "; the reason is in " + home.keeperOutput()
                + Optional.of(lastLine())
                        .filter(last -> !last.isEmpty())
                        .map(last -> ", which ends with: " + last)
                        .orElse(""));
    }

    private String lastLine() {
        try {
            List<String> lines = Files.readAllLines(home.keeperOutput());
            return lines.isEmpty() ? "" : lines.get(lines.size() - 1);
        } catch (IOException e) {
            return "";
        }
    }

    private double seconds() {
        return (System.nanoTime() - began) / 1e9;
    }

    /** Asks it to end, which takes the servers away, and waits for that. */
    private static void stop(Process keeper) {
        keeper.destroy();
        try {
            if (!keeper.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
                keeper.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
