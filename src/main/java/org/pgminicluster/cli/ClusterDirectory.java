package org.pgminicluster.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import org.pgminicluster.EnvironmentException;
import org.pgminicluster.server.ServerSettings;

/**
 * The directory of the cluster that stays up. All commands know it, so that they find the cluster; what must not be read
 * by others is in files that only their owner can read.
 */
record ClusterDirectory(Path path) {

    static final String NAME = "up";

    static ClusterDirectory in(ServerSettings settings) {
        return new ClusterDirectory(settings.directory().resolve(NAME));
    }

    Path stateFile() {
        return path.resolve("state.json");
    }

    /** For psql: {@code PGPASSFILE}. */
    Path passfile() {
        return path.resolve("passfile");
    }

    /** What the daemon writes that nobody else shows; not {@code *.log}, which a start deletes. */
    Path daemonOutput() {
        return path.resolve("daemon.out");
    }

    /** The lesson of the cluster that is up, as it was when it was started. */
    Path lessonFile() {
        return path.resolve("lesson.json");
    }

    /** Held by a daemon for as long as it lives. */
    Path lockFile() {
        return path.resolve("daemon.lock");
    }

    Path log(String node) {
        return path.resolve(node + ".log");
    }

    Path journal() {
        return path.resolve("journal.jsonl");
    }

    /**
     * The state of the cluster that is up or was left behind; empty if there is none.
     *
     * @throws EnvironmentException if the file cannot be read
     */
    Optional<DaemonState> state() {
        if (!Files.exists(stateFile())) {
            return Optional.empty();
        }
        try {
            return Optional.of(Printer.JSON.readValue(Files.readString(stateFile()), DaemonState.class));
        } catch (JsonProcessingException e) {
            throw new EnvironmentException(
                    "expected " + stateFile() + " to be the state of a cluster, but was damaged; remove it, and the"
                            + " cluster that it belongs to ends by itself",
                    e);
        } catch (IOException e) {
            throw new EnvironmentException(
                    "expected " + stateFile() + " to be readable, but was not (" + e + "); look at its rights", e);
        }
    }

    void write(DaemonState state) {
        try {
            writePrivately(stateFile(), Printer.JSON.writeValueAsString(state));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a state that JSON cannot hold", e);
        }
    }

    void writeLesson(String text) {
        writePrivately(lessonFile(), text);
    }

    void writePassfile(List<String> lines) {
        writePrivately(passfile(), String.join("\n", lines) + "\n");
    }

    /** Takes away what only a running cluster needs; logs and journal stay. */
    void forget() {
        try {
            Files.deleteIfExists(passfile());
            Files.deleteIfExists(lessonFile());
            Files.deleteIfExists(stateFile());
        } catch (IOException e) {
            throw new EnvironmentException("expected " + path + " to be writable, but was not (" + e + ")", e);
        }
    }

    /** Nobody sees half of it, and nobody but its owner sees any of it. */
    private void writePrivately(Path file, String text) {
        Path beside = file.resolveSibling(file.getFileName() + ".new");
        try {
            OwnerOnly.directory(path);
            Files.deleteIfExists(beside);
            OwnerOnly.file(beside);
            Files.writeString(beside, text);
            Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new EnvironmentException(
                    "expected the directory " + path + " to be writable, but was not (" + e
                            + "); choose another with -Dminicluster.directory=DIRECTORY",
                    e);
        }
    }
}
