package org.pgminicluster.server.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apiguardian.api.API;
import org.pgminicluster.server.Address;
import org.pgminicluster.server.Credentials;
import org.pgminicluster.server.ProgramRun;
import org.pgminicluster.server.ServerSettings;

/** PostgreSQL's client programs of this machine, run by this JVM's own user for a server anywhere. */
@API(status = API.Status.INTERNAL)
public final class LocalPrograms {

    private final ClientPrograms programs;
    private final Duration atMost;

    private LocalPrograms(ClientPrograms programs, Duration atMost) {
        this.programs = programs;
        this.atMost = atMost;
    }

    /** @throws org.pgminicluster.EnvironmentException if {@code minicluster.programs} is no directory */
    public static LocalPrograms of(ServerSettings settings) {
        return new LocalPrograms(ClientPrograms.of(Platform.current(), settings.programs()), settings.startTimeout());
    }

    /** Where a program logs in unless its arguments say otherwise. */
    public record Target(Address address, String database, Credentials login, int major) {}

    /**
     * Runs one.
     *
     * @param directory where it runs; its password is in a file there, for as long as it runs
     * @return how it ended; empty if there is none that serves that major
     */
    public Optional<ProgramRun> run(Target target, String program, List<String> arguments, Path directory) {
        return programs.serving(program, target.major()).map(file -> {
            List<String> command = new ArrayList<>(List.of(file.toString()));
            command.addAll(arguments);
            Map<String, String> connection = new LinkedHashMap<>();
            connection.put("PGHOST", target.address().host());
            connection.put("PGPORT", Integer.toString(target.address().port()));
            connection.put("PGUSER", target.login().user());
            connection.put("PGDATABASE", target.database());
            target.address().rootCertificate().ifPresent(root -> {
                connection.put("PGSSLMODE", "verify-full");
                connection.put("PGSSLROOTCERT", root.toString());
            });
            return target.login().password().isEmpty()
                    ? Command.capture(command, connection, directory, atMost)
                    : withPassword(target.login(), command, connection, directory);
        });
    }

    /** The environment of a process is seen by more than a file that only its owner may read. */
    private ProgramRun withPassword(
            Credentials login, List<String> command, Map<String, String> connection, Path directory) {
        try {
            Path passfile = Files.createTempFile(directory, "pass", "");
            try {
                Files.writeString(
                        passfile,
                        "*:*:*:" + login.user().replaceAll("[:\\\\]", "\\\\$0") + ":"
                                + login.password().replaceAll("[:\\\\]", "\\\\$0"));
                connection.put("PGPASSFILE", passfile.toString());
                return Command.capture(command, connection, directory, atMost);
            } finally {
                Files.deleteIfExists(passfile);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
