package org.pgminicluster.server.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.pgminicluster.server.process.Fixture.processes;
import static org.pgminicluster.server.process.Fixture.runs;
import static org.pgminicluster.server.process.Fixture.spec;
import static org.pgminicluster.server.process.Fixture.sql;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.pgminicluster.server.PgServer;
import org.pgminicluster.server.ProcessState;
import org.pgminicluster.server.ServerGroup;
import org.pgminicluster.server.ServerSettings;
import org.pgminicluster.server.StopMode;

/** The way of root where user namespaces are forbidden, as they are in most containers. */
@EnabledOnOs(value = OS.LINUX, disabledReason = "setpriv is of Linux")
@EnabledIfSystemProperty(named = "user.name", matches = "root", disabledReason = "others need no way around")
@NeedsProcesses
class RunAsIT {

    @TempDir
    private Path directory;

    @Test
    void servers_of_nobody_are_started_stopped_killed_and_removed() throws Exception {
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        // Closed to others, as the home directory of root is.
        Path closed = Files.createDirectory(directory.resolve("closed"), Directories.only("rwx------"));
        ServerSettings settings = Fixture.settings(
                directory, Map.of("minicluster.cache", closed.resolve("cache").toString()));

        try (ServerGroup group = new ProcessServers(settings, RunAs.NOBODY).open("nobody", directory.resolve("log"))) {
            PgServer server = group.start(List.of(spec("a"))).get(0);
            assertThat(processes(server))
                    .filteredOn(process -> !ProcessState.isGone(process))
                    .allMatch(process -> process.info().user().orElse("").equals("nobody"));
            assertThat(Files.getOwner(Path.of(server.passfile()))).hasToString("nobody");
            sql(server, "CREATE TABLE t AS SELECT 42 AS answer");
            server.stop(StopMode.FAST);
            server.start();
            server.pause();
            server.resume();
            server.kill();
            server.start();
            assertThat(sql(server, "SELECT answer FROM t")).isEqualTo("42");
            Set<ProcessHandle> processes = processes(server);

            group.close();

            assertThat(processes).allMatch(ProcessState::isGone);
            assertThat(runs(settings)).isEmpty();
        }
    }
}
