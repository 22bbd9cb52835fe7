package org.pgminicluster.cli;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Properties;

/** Runs commands in this JVM, with everything that they print caught. */
final class Cli {

    private final Path directory;
    private final int width;

    Cli(Path directory) {
        this(directory, 80);
    }

    Cli(Path directory, int width) {
        this.directory = directory;
        this.width = width;
    }

    record Result(int exit, String out, String err) {}

    ClusterDirectory directory() {
        return new ClusterDirectory(directory.resolve(ClusterDirectory.NAME));
    }

    Result run(String... args) {
        return runWith("", args);
    }

    Result runWith(String input, String... args) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Result told = runInto(out, input, args);
        return new Result(told.exit(), out.toString(StandardCharsets.UTF_8), told.err());
    }

    /** What is printed goes to a place of the test's own. */
    Result runInto(OutputStream out, String input, String... args) {
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Terminal terminal = new Terminal(
                out, err, new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)), false, false, width);
        Properties properties = new Properties();
        properties.setProperty("user.home", System.getProperty("user.home"));
        properties.setProperty("minicluster.directory", directory.toString());
        int exit = Main.run(new Context(terminal, properties), args);
        return new Result(exit, "", err.toString(StandardCharsets.UTF_8));
    }
}
