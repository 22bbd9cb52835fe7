package org.pgminicluster.server.attached;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The directory for files of client programs, which run on this machine for all attached servers; made when it is needed. */
final class SharedFiles {

    private @Nullable Path directory;

    synchronized Path directory() {
        try {
            if (directory == null) {
                directory = Files.createTempDirectory("pg-minicluster-attached-");
            }
            return directory;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    synchronized void delete() {
        Path made = directory;
        directory = null;
        if (made == null) {
            return;
        }
        try (Stream<Path> tree = Files.walk(made)) {
            List<Path> deepestFirst = tree.sorted(Comparator.reverseOrder()).toList();
            for (Path file : deepestFirst) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
