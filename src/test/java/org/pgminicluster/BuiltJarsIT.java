package org.pgminicluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is in the jars that were built: the library is the library, and the command line has all. */
class BuiltJarsIT {

    private static List<String> entries(String ending) throws IOException {
        Path jar = Path.of(System.getProperty("minicluster.built", "target/none") + ending);
        // A build may leave out what costs time, such as the Javadoc.
        assumeTrue(Files.exists(jar), jar + " was not built");
        try (JarFile file = new JarFile(jar.toFile())) {
            // Javadoc has a directory for the module.
            return file.stream()
                    .map(entry -> entry.getName().replaceFirst("^org\\.pgminicluster/", ""))
                    .toList();
        }
    }

    private static Stream<String> of(List<String> entries, String... packages) {
        return entries.stream()
                .filter(entry -> Stream.of(packages).anyMatch(it -> entry.startsWith("org/pgminicluster/" + it + "/")))
                .filter(entry -> !entry.endsWith("/"));
    }

    @Test
    void the_library_has_no_command_line_and_no_lessons() throws IOException {
        List<String> entries = entries(".jar");

        assertThat(of(entries, "cli", "lab")).isEmpty();
        assertThat(entries).noneMatch(entry -> entry.startsWith("picocli/"));
        assertThat(of(entries, "cluster", "history", "junit", "report", "topology"))
                .hasSizeGreaterThan(200)
                .contains("org/pgminicluster/history/Histories.class", "org/pgminicluster/report/report.css");
        assertThat(entries).contains("META-INF/services/org.junit.platform.launcher.TestExecutionListener");
    }

    @ParameterizedTest
    @ValueSource(strings = {"-sources.jar", "-javadoc.jar"})
    void what_describes_the_library_describes_nothing_else(String ending) throws IOException {
        List<String> entries = entries(ending);

        assertThat(of(entries, "cli", "lab")).isEmpty();
        assertThat(of(entries, "history").map(entry -> entry.replaceAll(".*/|\\.\\w+$", "")))
                .contains("Histories");
    }

    @Test
    void the_command_line_has_all_that_it_needs() throws IOException {
        List<String> entries = entries("-cli.jar");

        assertThat(entries)
                .contains(
                        "org/pgminicluster/cli/Main.class",
                        "org/pgminicluster/cli/logback.xml",
                        "org/pgminicluster/lab/lesson/homework_ru.properties",
                        "org/pgminicluster/history/Histories.class",
                        "org/pgminicluster/report/report.css",
                        "picocli/CommandLine.class");
        assertThat(of(entries, "lab")).hasSizeGreaterThan(20);
    }
}
