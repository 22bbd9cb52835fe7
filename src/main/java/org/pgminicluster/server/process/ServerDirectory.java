package org.pgminicluster.server.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.pgminicluster.EnvironmentException;
import org.pgminicluster.MiniClusterException;
import org.pgminicluster.server.Credentials;

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

    /** By which client programs log in to this server as its superuser. */
    Path superuserPassfile() {
        return home.resolve("superuser.passfile");
    }

    /** For what client programs read and write. */
    Path files() {
        return home.resolve("files");
    }

    Path hba() {
        return data().resolve("pg_hba.conf");
    }

    void fill(DataStock stock, List<String> hba, List<String> passfile, Credentials superuser) {
        try {
            Files.createDirectory(home, Directories.only("rwx------"));
            Files.createDirectory(files(), Directories.only("rwx------"));
        } catch (IOException e) {
            throw new EnvironmentException(
                    "expected " + home + " to be made, but was not (" + e
                            + "); choose another place with -Dminicluster.tmp=DIRECTORY",
                    e);
        }
        stock.provide(data());
        Directories.write(passfile(), lines(passfile), "rw-------");
        Directories.write(
                superuserPassfile(),
                StartSettings.HOST + ":*:*:" + superuser.user().replaceAll("[:\\\\]", "\\\\$0") + ":"
                        + superuser.password() + "\n",
                "rw-------");
        writeHba(hba, superuser);
    }

    /** To be called before anything in it is changed; null if the file system does not tell what will have been. */
    @Nullable
    Loan lentFrom(DataStock stock) {
        try {
            return new Loan(stock, TreeRestore.now(home));
        } catch (IOException | UnsupportedOperationException e) {
            return null;
        }
    }

    /** The last line lets a base backup be made here: {@code all} does not mean physical replication. */
    void writeHba(List<String> lines, Credentials superuser) {
        String own = "host replication \"" + superuser.user().replace("\"", "\"\"") + "\" " + StartSettings.HOST
                + "/32 scram-sha-256";
        Directories.write(
                hba(), lines(Stream.concat(lines.stream(), Stream.of(own)).toList()), "rw-r--r--");
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
