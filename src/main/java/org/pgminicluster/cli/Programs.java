package org.pgminicluster.cli;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/** Programs that somebody has installed. */
final class Programs {

    private Programs() {}

    static Optional<Path> find(String name) {
        String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
        String file = System.getProperty("os.name", "").startsWith("Windows") ? name + ".exe" : name;
        return Arrays.stream(path.split(File.pathSeparator))
                .filter(directory -> !directory.isEmpty())
                .map(directory -> in(directory, file))
                .flatMap(Optional::stream)
                .findFirst();
    }

    private static Optional<Path> in(String directory, String file) {
        try {
            return Optional.of(Path.of(directory, file)).filter(Files::isExecutable);
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
    }
}
