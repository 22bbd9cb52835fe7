package org.pgminicluster.server.attached;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.pgminicluster.server.process.LocalFiles;

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
        if (made != null) {
            LocalFiles.delete(made);
        }
    }
}
