package org.pgminicluster.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogsCommandTest {

    @TempDir
    Path directory;

    private Cli cli;

    @BeforeEach
    void write() throws IOException {
        cli = new Cli(directory);
        Files.createDirectories(cli.directory().path());
        Files.writeString(cli.directory().log("vm1"), "one\ntwo ф\nERROR:  three\nunfinished");
    }

    @Test
    void the_last_lines_are_shown() {
        assertThat(cli.run("logs", "vm1", "-n", "2").out()).isEqualTo("ERROR:  three\nunfinished\n");
        assertThat(cli.run("logs", "vm1").out()).isEqualTo("one\ntwo ф\nERROR:  three\nunfinished\n");
        assertThat(cli.run("logs", "vm1", "--lines=0", "--grep", "t").out()).isEqualTo("two ф\nERROR:  three\n");
    }

    @Test
    void as_json_it_is_an_object_a_line() {
        assertThat(cli.run("logs", "vm1", "--json", "--grep", "ERROR").out())
                .isEqualTo("{\"node\":\"vm1\",\"line\":\"ERROR:  three\"}\n");
    }

    @Test
    void an_unknown_node_gets_the_nearest() {
        assertThat(cli.run("logs", "vm2"))
                .isEqualTo(new Cli.Result(
                        64,
                        "",
                        "minicluster: expected the node to be a known one, but was \"vm2\"; did you mean vm1?\n"));
    }

    @Test
    void no_logs_at_all_are_told() throws IOException {
        Files.delete(cli.directory().log("vm1"));

        assertThat(cli.run("logs", "vm1"))
                .isEqualTo(new Cli.Result(
                        2,
                        "",
                        "minicluster: expected logs to be in " + cli.directory().path()
                                + ", but none are; start a cluster with minicluster up\n"));
    }
}
