package org.pgminicluster.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The report of a cluster that somebody has worked in, of which no program knows but by what the servers say. */
@Order(2)
class WorkedInIT {

    @TempDir
    Path directory;

    private Launcher minicluster;

    @BeforeEach
    void launcher() {
        minicluster = new Launcher(directory);
    }

    @AfterEach
    void down() {
        minicluster.run("down");
    }

    @Test
    void what_was_typed_and_what_has_become_of_the_cluster_is_in_its_report() throws IOException {
        Cli.Result up = minicluster.up("--quiet");
        assertThat(up.exit()).as("%s", up).isZero();
        Path file = Files.writeString(
                directory.resolve("more.sql"),
                "CREATE TABLE notes (id integer PRIMARY KEY, body text);\nINSERT INTO notes VALUES (1, 'by a file');\n"
                        + "CREATE PUBLICATION notes_pub FOR TABLE notes;\nINSERT INTO notes VALUES (1, 'again');\n");
        minicluster.run("sql", "vm1", "-f", file.toString());
        minicluster.run("sql", "vm1", "-c", "DROP PUBLICATION test_pub");
        minicluster.run("sql", "vm1", "-c", "INSERT INTO test VALUES (7, 'seven')");

        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(report())
                        .contains("/* vm1 # */ CREATE TABLE notes (id integer PRIMARY KEY, body text);")
                        .contains(
                                "/* vm1 # */ INSERT INTO notes VALUES (1, 'again');\nERROR:  duplicate key value violates"
                                        + " unique constraint \"notes_pkey\"")
                        .contains("/* vm1 # */ DROP PUBLICATION test_pub;\nDROP PUBLICATION")
                        .contains("INSERT notes, on vm1", "minicluster up"));
        assertThat(report().replaceAll("(?s).*?```mermaid\n(.*?)```.*", "$1"))
                .as("the picture has what is published now")
                .contains("rw notes")
                .doesNotContain("rw test<");
        assertThat(report()).contains("rw test2");
    }

    private String report() {
        return minicluster.run("report", "up", "--format", "md", "-o", "-").out();
    }
}
