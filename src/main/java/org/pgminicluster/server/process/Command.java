package org.pgminicluster.server.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.pgminicluster.EnvironmentException;
import org.pgminicluster.MiniClusterException;
import org.pgminicluster.server.ProgramRun;

/** Runs a program to its end. */
final class Command {

    private Command() {}

    /** How it ended and what it printed. */
    record Result(int exitCode, String output) {
        boolean succeeded() {
            return exitCode == 0;
        }
    }

    /**
     * Runs it with nothing on its standard input and returns what it printed; only for programs that end by themselves
     * and at once.
     *
     * @throws IOException if there is no such program
     */
    static Result output(List<String> command) throws IOException {
        Process process =
                prepare(new ProcessBuilder(command)).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        // Not cut short by an interrupt, for it ends servers too.
        return new Result(process.onExit().join().exitValue(), output.strip());
    }

    /**
     * Runs it and returns its exit code.
     *
     * @param input becomes its standard input
     * @param log what it prints to its standard error is appended to this file
     * @throws MiniClusterException if it does not end in time
     */
    static int run(List<String> command, String input, Path log, Duration atMost) {
        ProcessBuilder builder = prepare(new ProcessBuilder(command));
        builder.redirectOutput(ProcessBuilder.Redirect.DISCARD);
        builder.redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()));
        try {
            Process process = builder.start();
            try {
                process.getOutputStream().write(input.getBytes(StandardCharsets.UTF_8));
                process.getOutputStream().close();
            } catch (IOException e) {
                // It ended before it read everything; its exit code and its log tell why.
            }
            try {
                if (process.waitFor(atMost.toMillis(), TimeUnit.MILLISECONDS)) {
                    return process.exitValue();
                }
                throw new MiniClusterException("expected " + command + " to end within " + atMost.toSeconds()
                        + " s, but did not; it printed:\n" + Files.readString(log));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new MiniClusterException("interrupted while " + command.get(0) + " ran", e);
            } finally {
                process.destroyForcibly();
            }
        } catch (IOException e) {
            throw new EnvironmentException("could not run " + command.get(0) + ": " + e.getMessage(), e);
        }
    }

    /**
     * Runs it with nothing on its standard input and returns what it printed.
     *
     * @param variables further ones of its environment
     * @param directory where it runs, and what it prints is kept meanwhile
     * @throws MiniClusterException if it does not end in time
     */
    static ProgramRun capture(List<String> command, Map<String, String> variables, Path directory, Duration atMost) {
        try {
            Path output = Files.createTempFile(directory, "output", ".txt");
            Path errors = Files.createTempFile(directory, "errors", ".txt");
            try {
                ProcessBuilder builder = prepare(new ProcessBuilder(command));
                builder.environment().putAll(variables);
                builder.directory(directory.toFile());
                builder.redirectOutput(output.toFile());
                builder.redirectError(errors.toFile());
                Process process = builder.start();
                process.getOutputStream().close();
                try {
                    if (!process.waitFor(atMost.toMillis(), TimeUnit.MILLISECONDS)) {
                        throw new MiniClusterException("expected " + command.get(0) + " to end within "
                                + atMost.toSeconds() + " s, but did not; it printed:\n" + Files.readString(errors));
                    }
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    throw new MiniClusterException("interrupted while " + command.get(0) + " ran", e);
                } finally {
                    process.destroyForcibly();
                }
                return new ProgramRun(process.exitValue(), Files.readString(output), Files.readString(errors));
            } finally {
                Files.deleteIfExists(output);
                Files.deleteIfExists(errors);
            }
        } catch (IOException e) {
            throw new EnvironmentException("could not run " + command.get(0) + ": " + e.getMessage(), e);
        }
    }

    /**
     * Gives the process an environment that does not depend on who runs this JVM: no {@code PG...} variable that libpq
     * in a server would follow, messages in English, UTC.
     */
    static ProcessBuilder prepare(ProcessBuilder builder) {
        Map<String, String> environment = builder.environment();
        environment.keySet().removeIf(name -> name.startsWith("PG"));
        environment.put("LC_ALL", "C");
        environment.put("TZ", "UTC");
        return builder;
    }
}
