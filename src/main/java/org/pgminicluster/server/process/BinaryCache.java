package org.pgminicluster.server.process;

import java.io.IOException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.pgminicluster.EnvironmentException;
import org.pgminicluster.server.PostgresVersion;
import org.pgminicluster.server.TemplateLock;
import org.pgminicluster.server.WantedMajor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds the binaries on the class path and unpacks them, once for all builds of this user. */
final class BinaryCache {

    private static final Logger LOG = LoggerFactory.getLogger(BinaryCache.class);
    private static final String VERSION_FILE = "pg-minicluster.version";

    /** {@code ETXTBSY}, as Java tells it. */
    private static final String TEXT_FILE_BUSY = "error=26,";

    private static final Duration BUSY = Duration.ofSeconds(10);

    /** The majors with binaries on Maven Central, for messages that tell what to add. */
    private static final List<Integer> PUBLISHED = List.of(10, 11, 12, 13, 14, 15, 16, 17, 18);

    private final Path cache;
    private final Platform platform;
    private final RunAs runAs;

    BinaryCache(Path cache, Platform platform, RunAs runAs) {
        this.cache = cache;
        this.platform = platform;
        this.runAs = runAs;
    }

    /**
     * @param postgres the value of {@code minicluster.postgres}, or what a node is to run instead
     * @param wish who asks
     * @throws EnvironmentException if binaries of that major are not on the class path, saying which to add
     */
    Binaries find(String postgres, Wish wish, ClassLoader classPath) {
        OptionalInt major = WantedMajor.of(postgres);
        if (major.isEmpty()) {
            throw new EnvironmentException(unknown(postgres, wish));
        }
        List<PostgresVersion> found = new ArrayList<>();
        for (Archive archive : archives(classPath)) {
            Binaries binaries = unpacked(archive);
            if (major.getAsInt() == binaries.version().major()) {
                return binaries;
            }
            found.add(binaries.version());
        }
        throw new EnvironmentException(missing(major.getAsInt(), wish, found, platform));
    }

    private static String published() {
        return String.join(", ", PUBLISHED.stream().map(String::valueOf).toList());
    }

    /** Any binaries would do for such a wish, and that is why none are taken. */
    private static String unknown(String postgres, Wish wish) {
        return "expected " + wish.where() + " to tell a major to processes, one of " + published()
                + " or an image whose tag begins with it, but was \"" + postgres
                + "\"; choose one of them, or -Dminicluster.servers=container if it is an image";
    }

    /** What to do when there are no binaries of the major, or no binaries at all. */
    static String missing(int major, Wish wish, List<PostgresVersion> found, Platform platform) {
        String wanted = "PostgreSQL " + major + " binaries" + wish.whose();
        if (!PUBLISHED.contains(major)) {
            return "expected " + wish.where() + " to be one of the majors with binaries on Maven Central ("
                    + published() + "), but was " + major + "; choose one of them";
        }
        String add = "io.zonky.test.postgres:" + platform.artifact(major) + ":" + major + ".x";
        if (found.isEmpty()) {
            return "expected " + wanted + " for this platform to be on the class path, but found none; add " + add;
        }
        String versions =
                String.join(", ", found.stream().map(PostgresVersion::full).toList());
        if (wish.node() != null) {
            // Maven and Gradle take one version only of an artifact that is a dependency.
            return "expected " + wanted + " to be on the class path, but found " + versions + "; add " + add
                    + " beside them, with Maven to additionalClasspathDependencies of Surefire and Failsafe";
        }
        return "expected " + wanted + " to be on the class path, but found " + versions
                + "; run with -Dminicluster.postgres=" + found.get(0).major() + " or add " + add;
    }

    private List<Archive> archives(ClassLoader classPath) {
        Set<String> seen = new LinkedHashSet<>();
        List<Archive> archives = new ArrayList<>();
        for (String resource : platform.resources()) {
            try {
                for (URL url : Collections.list(classPath.getResources(resource))) {
                    if (seen.add(url.toString())) {
                        archives.add(new Archive(url));
                    }
                }
            } catch (IOException e) {
                throw new EnvironmentException("could not look for " + resource + " on the class path: " + e, e);
            }
        }
        return archives;
    }

    private Binaries unpacked(Archive archive) {
        String key;
        try {
            key = archive.key();
        } catch (IOException e) {
            throw new EnvironmentException("could not read " + archive.url() + ": " + e, e);
        }
        Path home = cache.resolve("binaries").resolve(key);
        Binaries ready = ready(home);
        if (ready != null) {
            return ready;
        }
        return TemplateLock.hold(cache, "binaries-" + key, () -> {
            // Another JVM may have been here while this one waited for the lock.
            Binaries made = ready(home);
            return made != null ? made : unpack(archive, home);
        });
    }

    private @Nullable Binaries ready(Path home) {
        try {
            PostgresVersion version = PostgresVersion.parse(Files.readString(home.resolve(VERSION_FILE)));
            Binaries binaries = new Binaries(home, version, platform, runAs);
            boolean complete =
                    Files.isExecutable(binaries.program("postgres")) && Files.isExecutable(binaries.program("initdb"));
            return complete ? binaries : null;
        } catch (IOException | IllegalArgumentException e) {
            return null;
        }
    }

    private Binaries unpack(Archive archive, Path home) {
        LOG.info("unpacking the PostgreSQL binaries of {} to {}", archive.url(), home);
        Path beside = home.resolveSibling(home.getFileName() + ".unpacking");
        try {
            Directories.delete(beside);
            Directories.delete(home);
            Files.createDirectories(beside);
            archive.unpack(beside);
            PostgresVersion version = versionOf(beside);
            Directories.write(beside.resolve(VERSION_FILE), version.full(), "rw-r--r--");
            Files.move(beside, home, StandardCopyOption.ATOMIC_MOVE);
            return new Binaries(home, version, platform, runAs);
        } catch (IOException e) {
            throw Directories.unwritable(cache, "the cache directory", "minicluster.cache", e);
        }
    }

    /**
     * What a program prints that was written just now. Another thread's child has every open file of this JVM until it is
     * a program itself, and so long the system says of a file that was open for writing that it is busy.
     */
    private static Command.Result outputOfNew(List<String> command) throws IOException {
        long deadline = System.nanoTime() + BUSY.toNanos();
        while (true) {
            try {
                return Command.output(command);
            } catch (IOException e) {
                if (System.nanoTime() > deadline
                        || !String.valueOf(e.getMessage()).contains(TEXT_FILE_BUSY)) {
                    throw e;
                }
            }
        }
    }

    private PostgresVersion versionOf(Path unpacked) throws IOException {
        Path postgres = unpacked.resolve("bin").resolve(platform.program("postgres"));
        Command.Result result = outputOfNew(List.of(postgres.toString(), "--version"));
        if (!result.succeeded()) {
            throw new EnvironmentException("expected the PostgreSQL binaries " + unpacked
                    + " to run on this machine, but they did not: " + result.output());
        }
        return PostgresVersion.parse(result.output().replace("postgres (PostgreSQL)", ""));
    }
}
