package org.pgminicluster.server.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.pgminicluster.EnvironmentException;
import org.pgminicluster.MiniClusterException;

/** What one server has on disk, except its log. */
record ServerDirectory(Path home) {

    /** PostgreSQL's own. */
    Path data() {
        return home.resolve("data");
    }

    /** Outside the data directory: a base backup must not take passwords along. */
    Path passfile() {
        return home.resolve("passfile");
    }

    /** For what client programs read and write. */
    Path files() {
        return home.resolve("files");
    }

    Path hba() {
        return data().resolve("pg_hba.conf");
    }

    void fill(Template template, List<String> hba, List<String> passfile) {
        try {
            Files.createDirectory(home, Directories.only("rwx------"));
            Files.createDirectory(files(), Directories.only("rwx------"));
        } catch (IOException e) {
            throw new EnvironmentException(
                    "expected " + home + " to be made, but was not (" + e
                            + "); choose another place with -Dminicluster.tmp=DIRECTORY",
                    e);
        }
        template.copyTo(data());
        Directories.write(passfile(), lines(passfile), "rw-------");
        writeHba(hba);
    }

    void writeHba(List<String> lines) {
        Directories.write(hba(), lines(lines), "rw-r--r--");
    }

    void delete() {
        try {
            Directories.delete(home);
        } catch (IOException e) {
            throw new MiniClusterException("could not delete " + home + ": " + e, e);
        }
    }

    private static String lines(List<String> lines) {
        return lines.isEmpty() ? "" : String.join("\n", lines) + "\n";
    }
}
