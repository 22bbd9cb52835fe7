package org.pgminicluster.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Signals to processes, and what those have left when they are gone. */
final class Signals {

    private Signals() {}

    static void send(String signal, Process process) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid()))
                .start()
                .waitFor();
    }

    /** A process cannot be made to heed a signal that its parent ignores; only Linux tells. */
    static boolean isInterruptIgnored() throws IOException {
        Path status = Path.of("/proc/self/status");
        if (!Files.exists(status)) {
            return false;
        }
        try (Stream<String> lines = Files.lines(status)) {
            return lines.filter(line -> line.startsWith("SigIgn:"))
                    .anyMatch(line -> (Long.parseUnsignedLong(line.substring(7).strip(), 16) & 2) != 0);
        }
    }

    static List<String> entries(Path directory) throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.map(entry -> entry.getFileName().toString()).toList();
        }
    }

    /** All but this one whose command line names the directory. */
    static List<ProcessHandle> processesThatName(Path directory) {
        return ProcessHandle.allProcesses()
                .filter(process -> process.info()
                        .commandLine()
                        .filter(line -> line.contains(directory.toString()))
                        .isPresent())
                .toList();
    }

    /** Those that a process has made at the engine; none if this run of the tests has no engine. */
    static List<String> containersOf(long pid) throws IOException, InterruptedException {
        if (!Launcher.kind().equals("container")) {
            return List.of();
        }
        Process list =
                new ProcessBuilder("docker", "ps", "-aq", "-f", "label=org.pgminicluster.owner.pid=" + pid).start();
        List<String> found = new String(list.getInputStream().readAllBytes(), StandardCharsets.US_ASCII)
                .lines()
                .toList();
        assertThat(list.waitFor()).isZero();
        return found;
    }
}
