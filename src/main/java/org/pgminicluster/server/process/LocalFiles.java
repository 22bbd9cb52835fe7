package org.pgminicluster.server.process;

import java.io.IOException;
import java.nio.file.Path;
import org.apiguardian.api.API;
import org.pgminicluster.MiniClusterException;

/** Files and directories on this machine that belong to servers, or are fetched from them: only their owner may read them. */
@API(status = API.Status.INTERNAL)
public final class LocalFiles {

    private LocalFiles() {}

    /** Copies a file, or a directory with all that is in it, over what is there. */
    public static void copy(Path source, Path target) {
        try {
            Directories.delete(target);
            TreeCopy.copy(source, target);
        } catch (IOException e) {
            throw new MiniClusterException("could not copy " + source + " to " + target + ": " + e, e);
        }
    }

    /** Deletes a file, or a directory with all that is in it, if it is there. */
    public static void delete(Path file) {
        try {
            Directories.delete(file);
        } catch (IOException e) {
            throw new MiniClusterException("could not delete " + file + ": " + e, e);
        }
    }
}
