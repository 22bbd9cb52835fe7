package org.pgminicluster.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/** What servers are made of on this machine, as {@code down} names it. */
final class Servers {

    private Servers() {}

    /** What is typed to remove servers names their directories, or asks the engine for their containers and network. */
    static List<String> named(Cli.Result down) {
        return Pattern.compile("(?m)^\\$ .*; rm -r (\\S+)$|^\\$ docker .*\\$\\((.*)\\)$")
                .matcher(down.out())
                .results()
                .map(match -> match.group(1) != null ? match.group(1) : match.group(2))
                .toList();
    }

    /** Whether there is still what one of those names. */
    static boolean exist(String named) {
        if (named.startsWith("/")) {
            return Files.exists(Path.of(named));
        }
        try {
            Process list = new ProcessBuilder("sh", "-c", named).start();
            String found = new String(list.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(list.waitFor()).as(named).isZero();
            return !found.isBlank();
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(named, e);
        }
    }
}
