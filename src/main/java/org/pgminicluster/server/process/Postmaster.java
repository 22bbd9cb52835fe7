package org.pgminicluster.server.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.jspecify.annotations.Nullable;
import org.pgminicluster.EnvironmentException;
import org.pgminicluster.MiniClusterException;
import org.pgminicluster.server.ProcessState;

/** One run of a server: the process we started and those that it started, until all are gone. */
final class Postmaster {

    private static final Duration POLL = Duration.ofMillis(2);
    private static final Duration QUIT = Duration.ofSeconds(3);

    private final Process process;
    private final Path data;
    private final ProcessTree tree;
    private final Signals signals;
    private @Nullable Set<Long> stoppedBefore;

    private Postmaster(Process process, Path data, ProcessTree tree, Signals signals) {
        this.process = process;
        this.data = data;
        this.tree = tree;
        this.signals = signals;
    }

    /**
     * Starts the process and does not wait for it.
     *
     * @param log its output is appended to this file
     */
    static Postmaster launch(String server, Binaries binaries, Path data, List<String> options, Path log) {
        List<String> arguments = new ArrayList<>(List.of("-D", data.toString()));
        arguments.addAll(options);
        ProcessBuilder builder = Command.prepare(new ProcessBuilder(binaries.command("postgres", arguments)));
        builder.redirectErrorStream(true);
        builder.redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        try {
            // A dead server's pid may belong to another process by now, which PostgreSQL would take for the server;
            // and without the file nobody would know the shared memory of a killed one.
            SharedMemory.remove(data);
            Files.deleteIfExists(PostmasterPid.file(data));
            Process process = builder.start();
            process.getOutputStream().close();
            Signals signals = new Signals(binaries);
            return new Postmaster(
                    process, data, new ProcessTree(server, data, Optional.of(process.toHandle()), signals), signals);
        } catch (IOException e) {
            throw new EnvironmentException("could not run " + binaries.program("postgres") + ": " + e.getMessage(), e);
        }
    }

    boolean isRunning() {
        return process.isAlive();
    }

    /**
     * Waits until this very process, and not another server on the same port, says that it accepts connections.
     *
     * @return whether it does; false if it ended or did not come so far in time
     */
    boolean awaitReady(Duration atMost) {
        try {
            Awaitility.await()
                    .pollInSameThread()
                    .pollDelay(Duration.ZERO)
                    .pollInterval(POLL)
                    .atMost(atMost)
                    .until(() -> !process.isAlive() || saysReady());
        } catch (ConditionTimeoutException e) {
            return false;
        }
        return process.isAlive();
    }

    private boolean saysReady() {
        PostmasterPid file = PostmasterPid.read(data);
        return file.isReady() && file.pid().orElse(-1) == process.pid();
    }

    /**
     * Sends the postmaster a signal that ends it.
     *
     * @return whether it and its children ended in time
     */
    boolean stop(String signal, Duration atMost) {
        signals.send(signal, Set.of(process.pid()));
        try {
            if (!process.waitFor(atMost.toMillis(), TimeUnit.MILLISECONDS)) {
                return false;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new MiniClusterException("interrupted while a server stopped", e);
        }
        tree.awaitGone();
        return true;
    }

    void kill() {
        tree.kill();
        // The exit code has been collected only then; before, the process still counts as running.
        waitForQuit();
    }

    /**
     * Ends it at once in whatever state it is. By SIGQUIT if possible, since only a postmaster that ends by itself
     * returns its shared memory; one that is frozen, or waits for a frozen child, has to be thawed for that.
     */
    void end() {
        if (process.isAlive() && tree.canFreeze()) {
            signals.send("QUIT", Set.of(process.pid()));
            tree.thaw(Set.of());
            waitForQuit();
        }
        kill();
        SharedMemory.remove(data);
    }

    void pause() {
        if (stoppedBefore == null) {
            stoppedBefore = tree.stopped();
        }
        tree.freeze();
    }

    /** Those that had been stopped one by one stay so. */
    void resume() {
        tree.thaw(stoppedBefore == null ? Set.of() : stoppedBefore);
        stoppedBefore = null;
    }

    /** The pids of the processes that the postmaster itself started. */
    List<Long> children() {
        return process.toHandle().children().map(ProcessHandle::pid).sorted().toList();
    }

    boolean isStopped(long pid) {
        return ProcessHandle.of(pid).filter(ProcessState::isStopped).isPresent();
    }

    void signal(String signal, long pid) {
        signals.send(signal, Set.of(pid));
    }

    /** To the end of the time in spite of interrupts, since what ends a server must not be cut short. */
    private void waitForQuit() {
        boolean interrupted = false;
        long end = System.nanoTime() + QUIT.toNanos();
        try {
            for (long left = QUIT.toNanos(); left > 0; left = end - System.nanoTime()) {
                try {
                    process.waitFor(left, TimeUnit.NANOSECONDS);
                    return;
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
