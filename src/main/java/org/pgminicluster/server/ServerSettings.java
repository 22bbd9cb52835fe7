package org.pgminicluster.server;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Properties;
import org.apiguardian.api.API;
import org.pgminicluster.MiniClusterException;

/**
 * Where and as what servers run: the system properties {@code minicluster.*} in one place.
 *
 * @param kind {@code minicluster.servers}: which kind of server; {@code AUTO} takes containers where they serve
 * @param postgres {@code minicluster.postgres}: a version such as {@code 13} or {@code 16.4}, or a full image name
 * @param directory {@code minicluster.directory}: logs, journals and results; by default {@code target/minicluster}
 * @param cache {@code minicluster.cache}: templates and unpacked binaries, shared by all builds of this user
 * @param temporary {@code minicluster.tmp}: data directories of local processes; by default in memory if there is
 *     enough of it
 * @param programs {@code minicluster.programs}: the directory of PostgreSQL's client programs, such as {@code
 *     pg_basebackup}, for processes; empty for the usual places
 * @param timeoutScale {@code minicluster.timeout.scale}: multiplies every timeout, for slow machines
 * @param traced {@code minicluster.traced}: whether clusters of tests record what a report's pictures need
 */
@API(status = API.Status.MAINTAINED)
public record ServerSettings(
        Kind kind,
        String postgres,
        Path directory,
        Path cache,
        Path temporary,
        Optional<Path> programs,
        double timeoutScale,
        boolean traced) {

    /** The kind of server asked for. */
    public enum Kind {
        AUTO,
        CONTAINER,
        PROCESS;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private static final List<String> KEYS = List.of(
            "minicluster.servers",
            "minicluster.postgres",
            "minicluster.directory",
            "minicluster.cache",
            "minicluster.tmp",
            "minicluster.programs",
            "minicluster.timeout.scale",
            "minicluster.traced");

    private static final Duration START = Duration.ofSeconds(60);

    /** Reads the system properties. */
    public static ServerSettings fromSystemProperties() {
        return from(System.getProperties());
    }

    /**
     * @throws MiniClusterException if a value is not one of the legal ones
     */
    public static ServerSettings from(Properties properties) {
        Path home = Path.of(properties.getProperty("user.home", "."));
        return new ServerSettings(
                kind(text(properties, "minicluster.servers", "auto")),
                text(properties, "minicluster.postgres", "13"),
                path(properties, "minicluster.directory", Path.of("target", "minicluster")),
                path(properties, "minicluster.cache", home.resolve(".cache").resolve("pg-minicluster")),
                path(properties, "minicluster.tmp", TemporaryDirectory.choose(properties)),
                Optional.of(text(properties, "minicluster.programs", ""))
                        .filter(directory -> !directory.isEmpty())
                        .map(directory -> Path.of(directory).toAbsolutePath().normalize()),
                scale(text(properties, "minicluster.timeout.scale", "1")),
                yes("minicluster.traced", text(properties, "minicluster.traced", "false")));
    }

    /** A timeout, made longer or shorter by {@link #timeoutScale()}, but never to nothing. */
    public Duration scaled(Duration timeout) {
        return Duration.ofMillis(Math.max(1, Math.round(timeout.toMillis() * timeoutScale)));
    }

    /** How long a server may take to start or stop. */
    public Duration startTimeout() {
        return scaled(START);
    }

    /** This with another {@link #postgres()}. */
    public ServerSettings withPostgres(String other) {
        return new ServerSettings(kind, other, directory, cache, temporary, programs, timeoutScale, traced);
    }

    /** The names of the system properties that are read. */
    public static List<String> keys() {
        return KEYS;
    }

    /** The major that {@link #postgres()} names, itself or by an image's tag; empty if an image's name does not tell. */
    public OptionalInt major() {
        return WantedMajor.of(postgres);
    }

    /** Whether {@link #postgres()} is a version, such as {@code 16}, {@code 16.4} or {@code 16-alpine}, and not an image name. */
    public boolean isVersion() {
        return WantedMajor.isTag(postgres);
    }

    private static Kind kind(String value) {
        return Arrays.stream(Kind.values())
                .filter(kind -> kind.toString().equals(value))
                .findFirst()
                .orElseThrow(() -> new MiniClusterException("expected -Dminicluster.servers to be auto, container or"
                        + " process, but was \"" + value + "\""));
    }

    /** An empty property is none: it is what a build passes on when nobody has said anything. */
    private static String text(Properties properties, String key, String fallback) {
        String value = properties.getProperty(key, "").strip();
        return value.isEmpty() ? fallback : value;
    }

    private static Path path(Properties properties, String key, Path fallback) {
        return Path.of(text(properties, key, fallback.toString()))
                .toAbsolutePath()
                .normalize();
    }

    private static boolean yes(String key, String value) {
        if (!value.equals("true") && !value.equals("false")) {
            throw new MiniClusterException("expected -D" + key + " to be true or false, but was \"" + value + "\"");
        }
        return value.equals("true");
    }

    private static double scale(String value) {
        double scale;
        try {
            scale = Double.parseDouble(value);
        } catch (NumberFormatException e) {
            scale = Double.NaN;
        }
        if (!(scale > 0 && scale <= 1000)) {
            throw new MiniClusterException("expected -Dminicluster.timeout.scale to be a number above 0 and at most"
                    + " 1000, but was \"" + value + "\"");
        }
        return scale;
    }
}
