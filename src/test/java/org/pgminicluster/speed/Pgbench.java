package org.pgminicluster.speed;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.pgminicluster.server.Address;

/** PostgreSQL's own load generator, as Debian and others install it. */
final class Pgbench {

    private static final Pattern TRANSACTIONS = Pattern.compile("transactions actually processed: (\\d+)");

    private final Path program;

    private Pgbench(Path program) {
        this.program = program;
    }

    /** The newest that is installed. */
    static Optional<Pgbench> find() {
        Path majors = Path.of("/usr/lib/postgresql");
        if (!Files.isDirectory(majors)) {
            return Optional.empty();
        }
        try (Stream<Path> found = Files.list(majors)) {
            return found.filter(major -> major.getFileName().toString().matches("\\d+"))
                    .sorted((one, other) -> Integer.compare(number(other), number(one)))
                    .map(major -> major.resolve("bin/pgbench"))
                    .filter(Files::isExecutable)
                    .findFirst()
                    .map(Pgbench::new);
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static int number(Path major) {
        return Integer.parseInt(major.getFileName().toString());
    }

    /**
     * Runs a statement again and again, over two connections.
     *
     * @param rate transactions a second, or 0 for as many as can be
     * @return how many transactions were committed
     */
    long run(Address server, String database, String role, String password, String sql, int seconds, int rate) {
        try {
            Path script = Files.createTempFile("bench", ".sql");
            Path output = Files.createTempFile("bench", ".log");
            try {
                Files.writeString(script, sql + ";\n");
                List<String> command = new ArrayList<>(List.of(
                        program.toString(),
                        "--no-vacuum",
                        "--host=" + server.host(),
                        "--port=" + server.port(),
                        "--username=" + role,
                        "--client=2",
                        "--protocol=prepared",
                        "--time=" + seconds,
                        "--file=" + script));
                if (rate > 0) {
                    command.add("--rate=" + rate);
                }
                command.add(database);
                ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
                builder.redirectOutput(output.toFile());
                builder.environment().put("PGPASSWORD", password);
                return transactions(builder.start(), output, seconds);
            } finally {
                Files.delete(script);
                Files.delete(output);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static long transactions(Process process, Path output, int seconds) throws IOException {
        try {
            if (!process.waitFor(seconds + 30L, TimeUnit.SECONDS)) {
                throw new IllegalStateException("expected pgbench to end after " + seconds + " s, but did not");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while pgbench was waited for", e);
        } finally {
            process.destroyForcibly();
        }
        return transactions(Files.readString(output));
    }

    static long transactions(String output) {
        Matcher found = TRANSACTIONS.matcher(output);
        if (!found.find()) {
            throw new IllegalStateException("expected pgbench to tell its transactions, but was:\n" + output);
        }
        return Long.parseLong(found.group(1));
    }
}
