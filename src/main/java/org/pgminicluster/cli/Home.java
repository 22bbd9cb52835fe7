package org.pgminicluster.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import org.pgminicluster.EnvironmentException;
import org.pgminicluster.server.ServerSettings;

/**
 * The directory of the cluster that stays up. All commands know it, so that they find the cluster; what must not be read
 * by others is in files that only their owner can read.
 */
record Home(Path directory) {

    static final String NAME = "up";

    static Home in(ServerSettings settings) {
        return new Home(settings.directory().resolve(NAME));
    }

    Path stateFile() {
        return directory.resolve("state.json");
    }

    /** For psql: {@code PGPASSFILE}. */
    Path passfile() {
        return directory.resolve("passfile");
    }

    /** What the keeper writes that nobody else shows; not {@code *.log}, which a start deletes. */
    Path keeperOutput() {
        return directory.resolve("keeper.out");
    }

    /** Held by a keeper for as long as it lives. */
    Path lockFile() {
        return directory.resolve("keeper.lock");
    }

    Path log(String node) {
        return directory.resolve(node + ".log");
    }

    Path journal() {
        return directory.resolve("journal.jsonl");
    }

    /**
     * The state of the cluster that is up or was left behind; empty if there is none.
     *
     * @throws EnvironmentException if the file cannot be read
     */
    Optional<State> state() {
        if (!Files.exists(stateFile())) {
            return Optional.empty();
        }
        try {
            return Optional.of(Answer.JSON.readValue(Files.readString(stateFile()), State.class));
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

    void write(State state) {
        try {
            writePrivately(stateFile(), Answer.JSON.writeValueAsString(state));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a state that JSON cannot hold", e);
        }
    }

    void writePassfile(List<String> lines) {
        writePrivately(passfile(), String.join("\n", lines) + "\n");
    }

    /** Takes away what only a running cluster needs; logs and journal stay. */
    void forget() {
        try {
            Files.deleteIfExists(passfile());
            Files.deleteIfExists(stateFile());
        } catch (IOException e) {
            throw new EnvironmentException("expected " + directory + " to be writable, but was not (" + e + ")", e);
        }
    }

    /** Nobody sees half of it, and nobody but its owner sees any of it. */
    private void writePrivately(Path file, String text) {
        Path beside = file.resolveSibling(file.getFileName() + ".new");
        try {
            Files.createDirectories(directory);
            Files.deleteIfExists(beside);
            Files.createFile(beside, onlyOwner());
            Files.writeString(beside, text);
            Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new EnvironmentException(
                    "expected the directory " + directory + " to be writable, but was not (" + e
                            + "); choose another with -Dminicluster.directory=DIRECTORY",
                    e);
        }
    }

    private FileAttribute<?>[] onlyOwner() {
        return directory.getFileSystem().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                }
                : new FileAttribute<?>[0];
    }
}
