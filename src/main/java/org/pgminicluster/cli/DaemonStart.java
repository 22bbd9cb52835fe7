package org.pgminicluster.cli;

import java.io.DataInputStream;
import java.io.File;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.pgminicluster.EnvironmentException;
import org.pgminicluster.lab.lesson.Language;
import org.pgminicluster.server.ServerSettings;

/** Starts a daemon in a session of its own, so that it outlives this process and the terminal, and tells how it goes. */
final class DaemonStart {

    private static final String MAIN = "org.pgminicluster.cli.DaemonMain";

    /** Enough for what it does; what it passes on it does not keep. */
    private static final String MEMORY = "-Xmx256m";

    private static final int STOP_SECONDS = 60;

    private final Context context;
    private final ServerSettings settings;
    private final ClusterDirectory directory;

    DaemonStart(Context context, ServerSettings settings) {
        this.context = context;
        this.settings = settings;
        this.directory = ClusterDirectory.in(settings);
    }

    /** What is left to do when the cluster is up. */
    @FunctionalInterface
    interface ThenShow {
        void show();
    }

    /**
     * Returns when the cluster is up and what there is to see of it was shown. If it does not come so far, since it cannot
     * be started, or this process is ended, or nobody can read what is told, nothing is left.
     *
     * @throws CommandException with what the daemon says if it does not come up
     */
    void start(
            Topologies topology,
            @Nullable LessonWish lesson,
            String command,
            Language language,
            boolean quiet,
            ThenShow then) {
        Process daemon = begin(new DaemonOptions(
                topology,
                lesson,
                command,
                language.code(),
                quiet,
                System.currentTimeMillis(),
                context.terminal().request("", List.of())));
        Terminal terminal = context.terminal();
        Thread onSignal = new Thread(
                () -> {
                    terminal.interrupted();
                    stop(daemon);
                },
                "stop-daemon");
        Runtime.getRuntime().addShutdownHook(onSignal);
        boolean up = false;
        try {
            follow(daemon);
            if (!terminal.isLeft()) {
                then.show();
            }
            requireWritten();
            if (terminal.isLeft()) {
                terminal.err().println("minicluster: the cluster is up, and minicluster down ends it");
            }
            up = true;
        } finally {
            if (!up) {
                stop(daemon);
            }
            forget(onSignal);
        }
    }

    /** A script whose command fails does not look for servers that it has to end; who reads no further may want them. */
    private void requireWritten() {
        Terminal terminal = context.terminal();
        if (terminal.lost().isPresent() && !terminal.isLeft()) {
            terminal.err().println("minicluster: the cluster is ended again, since what it tells cannot be written");
            throw CommandException.unread();
        }
    }

    private static void forget(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // It runs already.
        }
    }

    private Process begin(DaemonOptions options) {
        try {
            OwnerOnly.directory(directory.path());
            Files.deleteIfExists(directory.daemonOutput());
            OwnerOnly.file(directory.daemonOutput());
            return new ProcessBuilder(command(options))
                    .redirectInput(ProcessBuilder.Redirect.from(nothing()))
                    .redirectError(directory.daemonOutput().toFile())
                    .start();
        } catch (IOException e) {
            throw new EnvironmentException(
                    "expected the directory " + directory.path() + " to be writable and java to be startable, but was"
                            + " not (" + e.getMessage() + "); choose another with -Dminicluster.directory=DIRECTORY",
                    e);
        }
    }

    private static File nothing() {
        return new File(System.getProperty("os.name", "").startsWith("Windows") ? "NUL" : "/dev/null");
    }

    private List<String> command(DaemonOptions options) throws IOException {
        List<String> command = new ArrayList<>(detaching());
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", MEMORY));
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
        majors(options)
                .flatMap(major -> PostgresBinaries.of(major, PostgresBinaries.repository()).stream())
                .forEach(jar -> classPath.add(jar.toString()));
        command.addAll(List.of("-cp", String.join(File.pathSeparator, classPath), MAIN));
        command.add(Printer.JSON.writeValueAsString(options));
        return command;
    }

    private Stream<ServerSettings> majors(DaemonOptions options) {
        @Nullable LessonWish lesson = options.lesson();
        return Stream.concat(
                Stream.of(settings),
                lesson == null
                        ? Stream.empty()
                        : LessonMajors.of(lesson)
                                .map(major -> context.settings(settings.kind().toString(), major)));
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

    private void follow(Process daemon) {
        Terminal terminal = context.terminal();
        int exit;
        try (DataInputStream in = new DataInputStream(daemon.getInputStream())) {
            exit = Frames.pass(in, unlessLeft(terminal.fit()), terminal.fitError(), () -> true);
        } catch (IOException e) {
            requireWritten();
            throw CommandException.inconclusive("expected the daemon of the cluster to start, but it ended; the reason"
                    + " is in " + directory.daemonOutput()
                    + Optional.of(lastLine())
                            .filter(last -> !last.isEmpty())
                            .map(last -> ", which ends with: " + last)
                            .orElse(""));
        }
        if (exit != Exit.OK) {
            throw CommandException.told(exit);
        }
    }

    /** The start goes on without a reader. */
    private OutputStream unlessLeft(OutputStream target) {
        return new FilterOutputStream(target) {
            @Override
            public void write(byte[] bytes) throws IOException {
                try {
                    target.write(bytes);
                } catch (IOException e) {
                    if (!context.terminal().isLeft()) {
                        throw e;
                    }
                }
            }

            @Override
            public void flush() {}
        };
    }

    private String lastLine() {
        try {
            List<String> lines = Files.readAllLines(directory.daemonOutput());
            return lines.isEmpty() ? "" : lines.get(lines.size() - 1);
        } catch (IOException e) {
            return "";
        }
    }

    /** Asks it to end, which takes the servers away, and waits for that. */
    private static void stop(Process daemon) {
        daemon.destroy();
        try {
            if (!daemon.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
                daemon.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
