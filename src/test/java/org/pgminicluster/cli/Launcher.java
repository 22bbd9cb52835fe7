package org.pgminicluster.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.pgminicluster.server.ServerSettings;

/** Runs the script {@code minicluster}, as people do, with a directory of the test's own. */
final class Launcher {

    private static final long PATIENCE_SECONDS = 120;

    private final Path directory;
    private final Map<String, String> environment;

    Launcher(Path directory) {
        this(directory, Map.of("LC_ALL", "C.UTF-8"));
    }

    private Launcher(Path directory, Map<String, String> environment) {
        this.directory = directory;
        this.environment = Map.copyOf(environment);
    }

    Launcher inLocale(String other) {
        return with("LC_ALL", other);
    }

    Launcher with(String variable, String value) {
        Map<String, String> other = new HashMap<>(environment);
        other.put(variable, value);
        return new Launcher(directory, other);
    }

    ClusterDirectory directory() {
        return new ClusterDirectory(directory.resolve(ClusterDirectory.NAME));
    }

    /** Of the kind that this run of the tests asks for. */
    Cli.Result up(String... options) {
        return start("up", options);
    }

    /** Of the same kind. */
    Cli.Result practice(String... options) {
        return start("practice", options);
    }

    private Cli.Result start(String command, String... options) {
        List<String> args = new ArrayList<>(List.of(command, "--servers", kind()));
        args.addAll(List.of(options));
        return run(args.toArray(String[]::new));
    }

    static String kind() {
        return ServerSettings.fromSystemProperties().kind().toString();
    }

    Process begin(String... args) {
        List<String> command = new ArrayList<>(List.of("./minicluster"));
        command.addAll(List.of(args));
        return begin(command);
    }

    private Process begin(List<String> command) {
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("MINICLUSTER_JAVA_OPTS", "-Dminicluster.directory=" + directory);
        builder.environment().putAll(environment);
        builder.redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
        builder.redirectError(directory.resolve("stderr").toFile());
        try {
            return builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Cli.Result run(String... args) {
        return result(begin(args), String.join(" ", args));
    }

    /** Runs a shell's script that calls it. */
    Cli.Result script(Path script) {
        return result(begin(List.of("sh", script.toString())), script.toString());
    }

    private Cli.Result result(Process process, String what) {
        StringBuilder out = new StringBuilder();
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                out.append(line).append('\n');
            }
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new AssertionError(what + " did not end; it said\n" + out);
            }
            return new Cli.Result(process.exitValue(), out.toString(), Files.readString(directory.resolve("stderr")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }
}
