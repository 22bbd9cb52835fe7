package org.pgminicluster.server.process;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.pgminicluster.EnvironmentException;

/**
 * PostgreSQL's client programs as they are installed on this machine, which the binaries from Maven Central come
 * without. A program serves servers of its own major and of older ones, but for those that touch a data directory.
 */
final class ClientPrograms {

    private static final Pattern MAJOR = Pattern.compile("\\(PostgreSQL\\) (\\d+)");

    /** Where Debian, Red Hat, Homebrew and Windows put them, a directory for each major. */
    private static final List<String> PLACES = List.of(
            "/usr/lib/postgresql", "/usr", "/opt/homebrew/opt", "/usr/local/opt", "C:\\Program Files\\PostgreSQL");

    private static final Pattern OF_A_MAJOR = Pattern.compile("\\d+|pgsql-\\d+|postgresql@\\d+|postgresql|libpq");

    private final Platform platform;
    private final List<Path> directories;
    private final Map<Path, OptionalInt> majors = new ConcurrentHashMap<>();

    private ClientPrograms(Platform platform, List<Path> directories) {
        this.platform = platform;
        this.directories = List.copyOf(directories);
    }

    /**
     * Those of this machine.
     *
     * @param only the one directory to look into; empty looks into the usual places and then the path
     */
    static ClientPrograms of(Platform platform, Optional<Path> only) {
        if (only.isPresent()) {
            if (!Files.isDirectory(only.get())) {
                throw new EnvironmentException("expected -Dminicluster.programs to be a directory, but was "
                        + only.get() + "; leave it out to look in the usual places");
            }
            return new ClientPrograms(platform, List.of(only.get()));
        }
        Set<Path> found = new LinkedHashSet<>();
        PLACES.forEach(place -> found.addAll(majorsIn(Path.of(place))));
        Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                .filter(entry -> !entry.isBlank())
                .map(Path::of)
                .forEach(found::add);
        return new ClientPrograms(platform, new ArrayList<>(found));
    }

    /** The oldest one that serves a server of that major. */
    Optional<Path> serving(String program, int major) {
        return all(program)
                .filter(file -> majorOf(file).orElse(0) >= major)
                .min(Comparator.comparingInt(file -> majorOf(file).orElse(0)));
    }

    /** One that knows the data directories of that major. */
    Optional<Path> exactly(String program, int major) {
        return all(program).filter(file -> majorOf(file).orElse(0) == major).findFirst();
    }

    private Stream<Path> all(String program) {
        return directories.stream()
                .map(directory -> directory.resolve(platform.program(program)))
                .filter(Files::isExecutable);
    }

    private OptionalInt majorOf(Path program) {
        return majors.computeIfAbsent(program, file -> {
            try {
                Matcher matcher = MAJOR.matcher(
                        Command.output(List.of(file.toString(), "--version")).output());
                return matcher.find() ? OptionalInt.of(Integer.parseInt(matcher.group(1))) : OptionalInt.empty();
            } catch (IOException e) {
                return OptionalInt.empty();
            }
        });
    }

    private static List<Path> majorsIn(Path place) {
        List<Path> found = new ArrayList<>();
        if (Files.isDirectory(place)) {
            try (DirectoryStream<Path> entries = Files.newDirectoryStream(place, ClientPrograms::isOfAMajor)) {
                entries.forEach(entry -> found.add(entry.resolve("bin")));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        found.sort(Comparator.naturalOrder());
        return found;
    }

    private static boolean isOfAMajor(Path directory) {
        return OF_A_MAJOR.matcher(directory.getFileName().toString()).matches();
    }
}
