package org.pgminicluster.server.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.pgminicluster.server.Owner;
import org.pgminicluster.server.PostgresVersion;

class LeftoversTest {

    @TempDir
    private Path temporary;

    @Test
    void a_run_whose_owner_is_gone_is_removed() throws Exception {
        Owner us = Owner.current();
        Path reusedPid = run("run-1-1-x", new Owner(us.host(), us.pid(), us.startedMillis() - 3_600_000));
        Path noSuchPid = run("run-1-2-x", new Owner(us.host(), Integer.MAX_VALUE, 1));

        leftovers().remove();

        assertThat(reusedPid).doesNotExist();
        assertThat(noSuchPid).doesNotExist();
    }

    @Test
    void a_living_owners_another_machines_and_nobodys_run_is_left_alone() throws Exception {
        Path living = run("run-1-1-x", Owner.current());
        Path elsewhere = run("run-1-2-x", new Owner("elsewhere", Integer.MAX_VALUE, 1));
        Path nobodys = Files.createDirectories(temporary.resolve("run-1-3-x"));
        Path other = Files.createDirectories(temporary.resolve("something"));

        leftovers().remove();

        assertThat(living.resolve("vm1/data/file")).hasContent("x");
        assertThat(elsewhere.resolve("vm1/data/file")).hasContent("x");
        assertThat(nobodys).isDirectory();
        assertThat(other).isDirectory();
    }

    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "it has no cat")
    void a_process_that_was_given_the_pid_of_a_dead_postmaster_is_left_alone() throws Exception {
        Owner us = Owner.current();
        Path run = run("run-1-1-x", new Owner(us.host(), Integer.MAX_VALUE, 1));
        Process innocent = new ProcessBuilder("cat").start();
        try {
            long started = innocent.info().startInstant().orElseThrow().getEpochSecond();
            Files.writeString(
                    run.resolve("vm1/data/postmaster.pid"),
                    innocent.pid() + "\n/d\n" + started + "\n1\n\nh\n1 2\nready\n");

            leftovers().remove();

            innocent.getOutputStream().close();
            assertThat(innocent.waitFor())
                    .as("exit code of a process that nobody killed")
                    .isZero();
            assertThat(run).doesNotExist();
        } finally {
            innocent.destroyForcibly();
        }
    }

    private Leftovers leftovers() {
        Binaries none = new Binaries(temporary, PostgresVersion.parse("13.23"), Platform.current(), RunAs.SELF);
        return new Leftovers(temporary, new Signals(none));
    }

    private Path run(String name, Owner owner) throws IOException {
        Path run = temporary.resolve(name);
        Files.createDirectories(run.resolve("vm1/data"));
        Files.writeString(run.resolve("vm1/data/file"), "x");
        Properties properties = new Properties();
        owner.toMap().forEach(properties::setProperty);
        try (OutputStream out = Files.newOutputStream(run.resolve("owner.properties"))) {
            properties.store(out, null);
        }
        return run;
    }
}
