package org.pgminicluster.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.pgminicluster.EnvironmentException;

/**
 * What psql executes first, so that the server logs what is typed, from where the journal has it. By statements and not by
 * {@code PGOPTIONS}, which would keep other roles out after {@code \\c}.
 */
final class PsqlStart {

    /** One message, which is known by its begin. */
    static final String STATEMENTS = "SET log_error_verbosity = verbose\\; SET log_min_duration_statement = 0;\n";

    private PsqlStart() {}

    /** For what is read from a file, before that. */
    static Path file(ClusterDirectory directory) {
        return written(directory, "psql-start.sql", quietly());
    }

    /** For somebody who types: a start-up file in place of one's own, which it reads. */
    static Path startupFile(ClusterDirectory directory) {
        String ones = own().map(file -> "\\i '" + file.toString().replace("'", "''") + "'\n")
                .orElse("");
        return written(directory, "psqlrc", quietly() + ones);
    }

    private static String quietly() {
        return "\\set QUIET on\n" + STATEMENTS + "\\set QUIET off\n";
    }

    private static Optional<Path> own() {
        @Nullable String named = System.getenv("PSQLRC");
        Path file = named != null ? Path.of(named) : Path.of(System.getProperty("user.home", ""), ".psqlrc");
        return Optional.of(file.toAbsolutePath()).filter(Files::isReadable);
    }

    private static Path written(ClusterDirectory directory, String name, String text) {
        Path file = directory.path().resolve(name).toAbsolutePath();
        try {
            Files.writeString(file, text);
            OwnerOnly.made(file);
            return file;
        } catch (IOException e) {
            throw new EnvironmentException(
                    "expected " + file + " to be writable, but was not (" + e + "); look at its rights", e);
        }
    }
}
