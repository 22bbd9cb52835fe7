package org.pgminicluster.server.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.pgminicluster.EnvironmentException;
import org.pgminicluster.MiniClusterException;
import org.pgminicluster.server.ServerSpec;
import org.pgminicluster.server.tls.Identity;

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

    /** Outside too: a copy would show its primary's name. */
    Path certificate() {
        return home.resolve("server.crt");
    }

    Path key() {
        return home.resolve("server.key");
    }

    Path rootCertificate() {
        return home.resolve("root.crt");
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

    void fill(DataStock stock, ServerSpec spec) {
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
        Directories.write(passfile(), lines(spec.passfile()), "rw-------");
        String login = spec.superuser().user().replaceAll("[:\\\\]", "\\\\$0") + ":"
                + spec.superuser().password();
        Directories.write(
                superuserPassfile(),
                lines(Stream.of(StartSettings.HOST, spec.name())
                        .map(host -> host + ":*:*:" + login)
                        .toList()),
                "rw-------");
        spec.tls().ifPresent(tls -> {
            Identity identity = tls.authority().issue(spec.name(), List.of(StartSettings.HOST));
            Directories.write(certificate(), identity.certificate(), "rw-r--r--");
            Directories.write(key(), identity.key(), "rw-------");
            Directories.write(rootCertificate(), tls.authority().certificate(), "rw-r--r--");
        });
        writeHba(spec.hba(), spec);
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
    void writeHba(List<String> lines, ServerSpec spec) {
        String own = (spec.tls().isPresent() ? "hostssl" : "host") + " replication \""
                + spec.superuser().user().replace("\"", "\"\"") + "\" " + StartSettings.HOST + "/32 scram-sha-256";
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
