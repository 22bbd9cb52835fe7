package org.pgminicluster.server.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.pgminicluster.MiniClusterException;
import org.pgminicluster.server.ProcessState;

/**
 * All processes of one server: the postmaster, what descends from it, and what outlived it. The last are found by their
 * working directory, which PostgreSQL makes the data directory, where the system shows it.
 */
final class ProcessTree {

    private static final Path PROC = Path.of("/proc");
    private static final Duration POLL = Duration.ofMillis(3);
    private static final Duration BOUND = Duration.ofSeconds(30);

    private final String server;
    private final Path data;
    private final Optional<ProcessHandle> postmaster;
    private final Signals signals;

    ProcessTree(String server, Path data, Optional<ProcessHandle> postmaster, Signals signals) {
        this.server = server;
        this.data = data;
        this.postmaster = postmaster;
        this.signals = signals;
    }

    /** Those that live now, the postmaster first. */
    List<ProcessHandle> members() {
        Set<ProcessHandle> members = new LinkedHashSet<>();
        postmaster.ifPresent(process -> members.addAll(familyOf(process)));
        members.addAll(workingInDataDirectory());
        members.removeIf(ProcessState::isGone);
        return new ArrayList<>(members);
    }

    /**
     * SIGKILL to all of them. They are frozen first where that is possible: so none is born while they are counted, and
     * none sees another one die.
     */
    void kill() {
        freeze();
        // Kept, since those whose parent is gone are no longer found everywhere.
        Set<ProcessHandle> killed = new HashSet<>();
        await("to be gone after SIGKILL", () -> {
            // Again and again for where freezing is impossible and children are born meanwhile.
            List<ProcessHandle> left = members();
            left.forEach(ProcessHandle::destroyForcibly);
            killed.addAll(left);
            return killed.stream().allMatch(ProcessState::isGone);
        });
    }

    /** SIGSTOP to all of them, and returns when all have stopped. */
    void freeze() {
        if (!canFreeze()) {
            return;
        }
        // The postmaster first: it makes the others.
        postmaster
                .filter(process -> !ProcessState.isGone(process))
                .ifPresent(process -> signals.send("STOP", Set.of(process.pid())));
        Set<Long> told = new HashSet<>();
        postmaster.ifPresent(process -> told.add(process.pid()));
        await("to stop after SIGSTOP", () -> {
            List<ProcessHandle> members = members();
            List<Long> untold =
                    members.stream().map(ProcessHandle::pid).filter(told::add).toList();
            signals.send("STOP", untold);
            return untold.isEmpty() && members.stream().allMatch(ProcessState::isStopped);
        });
    }

    /** The pids of those that are stopped now. */
    Set<Long> stopped() {
        return members().stream()
                .filter(ProcessState::isStopped)
                .map(ProcessHandle::pid)
                .collect(Collectors.toSet());
    }

    /** SIGCONT to all of them but some. */
    void thaw(Set<Long> but) {
        signals.send(
                "CONT",
                members().stream()
                        .map(ProcessHandle::pid)
                        .filter(pid -> !but.contains(pid))
                        .toList());
    }

    /** Waits until none is left; for those whose postmaster has ended. */
    void awaitGone() {
        await("to be gone with its postmaster", () -> members().isEmpty());
    }

    boolean canFreeze() {
        return !signals.binaries().platform().isWindows();
    }

    /**
     * Nothing of a process that is dead: descendants are looked up by the pid alone, which may be a stranger's by now.
     * If it lives before and after the look-up, the pid was its own meanwhile.
     */
    private static List<ProcessHandle> familyOf(ProcessHandle process) {
        if (!process.isAlive()) {
            return List.of();
        }
        List<ProcessHandle> family = new ArrayList<>(List.of(process));
        process.descendants().forEach(family::add);
        return process.isAlive() ? family : List.of();
    }

    private List<ProcessHandle> workingInDataDirectory() {
        if (!signals.binaries().platform().isLinux()) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(PROC)) {
            return entries.filter(entry ->
                            Character.isDigit(entry.getFileName().toString().charAt(0)))
                    .filter(entry -> worksIn(entry, data))
                    .map(entry ->
                            ProcessHandle.of(Long.parseLong(entry.getFileName().toString())))
                    .flatMap(Optional::stream)
                    .toList();
        } catch (IOException e) {
            return List.of();
        }
    }

    private static boolean worksIn(Path process, Path directory) {
        try {
            return Files.readSymbolicLink(process.resolve("cwd")).startsWith(directory);
        } catch (IOException e) {
            // It ended, or belongs to another user, so it is none of ours.
            return false;
        }
    }

    private void await(String what, Callable<Boolean> condition) {
        try {
            Awaitility.await()
                    .pollInSameThread()
                    .pollDelay(Duration.ZERO)
                    .pollInterval(POLL)
                    .atMost(BOUND)
                    .until(condition);
        } catch (ConditionTimeoutException e) {
            throw new MiniClusterException(
                    "expected every process of " + server + " " + what + " within " + BOUND.toSeconds()
                            + " s, but still there: "
                            + members().stream().map(ProcessHandle::pid).toList(),
                    e);
        }
    }
}
