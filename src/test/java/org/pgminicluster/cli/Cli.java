package org.pgminicluster.cli;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
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

    Home home() {
        return new Home(directory.resolve(Home.NAME));
    }

    Result run(String... args) {
        return runWith("", args);
    }

    Result runWith(String input, String... args) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Terminal terminal = new Terminal(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
                false,
                false,
                width);
        Properties properties = new Properties();
        properties.setProperty("minicluster.directory", directory.toString());
        int exit = Main.run(new Context(terminal, properties), args);
        return new Result(exit, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }
}
