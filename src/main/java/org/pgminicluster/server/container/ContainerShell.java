package org.pgminicluster.server.container;

import com.github.dockerjava.api.exception.ConflictException;
import com.github.dockerjava.api.exception.DockerException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import org.pgminicluster.MiniClusterException;
import org.pgminicluster.server.ProgramRun;
import org.testcontainers.containers.Container.ExecResult;

/** Runs lines of shell in a container that runs. */
final class ContainerShell implements Backends.Shell {

    /** What a shell says when it does not find a command. */
    private static final int NO_SUCH_PROGRAM = 127;

    private static final String PROGRAM = ContainerDataCopy.PATH
            + "export PGUSER=\"$1\" PGDATABASE=\"$2\"; shift 2; command -v \"$1\" > /dev/null || exit "
            + NO_SUCH_PROGRAM + "; exec \"$@\"";

    private final String node;
    private final PostgresContainer container;
    private final PauseNews news;
    private final BiFunction<String, @Nullable Throwable, ? extends RuntimeException> failed;

    ContainerShell(
            String node,
            PostgresContainer container,
            PauseNews news,
            BiFunction<String, @Nullable Throwable, ? extends RuntimeException> failed) {
        this.node = node;
        this.container = container;
        this.news = news;
        this.failed = failed;
    }

    @Override
    public String outputOf(String script, String... arguments) {
        return execute(script, arguments).getStdout();
    }

    ExecResult execute(String script, String... arguments) {
        try {
            return run(script, arguments);
        } catch (IOException | DockerException e) {
            throw failed.apply("could not run a command: " + EngineError.messageOf(e), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new MiniClusterException("interrupted while " + node + " ran a command", e);
        }
    }

    /** One of PostgreSQL's programs with what it is to connect by; empty if the image has none of that name. */
    Optional<ProgramRun> program(String user, String database, String program, List<String> arguments) {
        List<String> command = new ArrayList<>(List.of(user, database, program));
        command.addAll(arguments);
        ExecResult result = execute(PROGRAM, command.toArray(String[]::new));
        return result.getExitCode() == NO_SUCH_PROGRAM
                ? Optional.empty()
                : Optional.of(new ProgramRun(result.getExitCode(), result.getStdout(), result.getStderr()));
    }

    private ExecResult run(String script, String... arguments) throws IOException, InterruptedException {
        try {
            return container.execute(script, arguments);
        } catch (ConflictException e) {
            if (!news.isAwakeAfterAll()) {
                throw e;
            }
            return container.execute(script, arguments);
        }
    }

    /** By the letter after the last parenthesis, before which a process may have any name. */
    boolean isStopped(int pid) {
        return outputOf("sed 's/.*) //' \"/proc/$1/stat\"", Integer.toString(pid))
                .startsWith("T");
    }

    void signal(String signal, int pid) {
        if (pid <= 1) {
            // 0 and below mean groups of processes, 1 is the first process, whose end is the container's.
            throw new MiniClusterException("expected a backend's pid to be above 1, but was " + pid);
        }
        // A shell's own kill: small images have no other.
        ExecResult result = execute("kill -s \"$1\" \"$2\"", signal, Integer.toString(pid));
        if (result.getExitCode() != 0) {
            throw new MiniClusterException("expected " + pid + " to be a process of " + node
                    + " that takes the signal " + signal + ", but was not: "
                    + result.getStderr().strip());
        }
    }
}
