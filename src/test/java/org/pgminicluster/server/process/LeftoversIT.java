package org.pgminicluster.server.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pgminicluster.server.ProcessState;
import org.pgminicluster.server.ServerGroup;
import org.pgminicluster.server.ServerSettings;

/** What a JVM leaves behind when it ends in one way or another. */
@NeedsProcesses
class LeftoversIT {

    @TempDir
    private Path directory;

    private ServerSettings settings;

    @BeforeEach
    void chooseDirectories() {
        settings = Fixture.settings(directory);
    }

    @Test
    void servers_of_a_killed_jvm_are_removed_by_the_next_one() throws Exception {
        try (OtherJvm other = OtherJvm.start(directory, settings.cache())) {
            Path data = other.data();
            Set<ProcessHandle> processes = Fixture.processes(data);
            ProcessHandle postmaster = Fixture.postmaster(data);
            other.kill();
            assertThat(ProcessState.isGone(postmaster))
                    .as("the server of a killed JVM is gone with it")
                    .isFalse();

            try (ServerGroup group = new ProcessServers(settings).open("next", directory.resolve("log"))) {
                assertThat(processes).allMatch(ProcessState::isGone);
                assertThat(data).doesNotExist();
                assertThat(Fixture.runs(settings)).as("only " + group).hasSize(1);
            }
        }
    }

    @Test
    void servers_of_a_living_jvm_are_left_alone() throws Exception {
        try (OtherJvm other = OtherJvm.start(directory, settings.cache())) {
            Path data = other.data();
            Set<ProcessHandle> processes = Fixture.processes(data);
            ProcessHandle postmaster = Fixture.postmaster(data);

            new ProcessServers(settings).open("next", directory.resolve("log")).close();

            assertThat(ProcessState.isGone(postmaster)).isFalse();
            assertThat(data).isDirectory();
            assertThat(other.end()).isZero();
            assertThat(processes).allMatch(ProcessState::isGone);
            assertThat(Fixture.runs(settings)).isEmpty();
        }
    }

    @Test
    void a_jvm_that_is_asked_to_end_leaves_nothing() throws Exception {
        try (OtherJvm other = OtherJvm.start(directory, settings.cache())) {
            Set<ProcessHandle> processes = Fixture.processes(other.data());

            other.terminate();

            assertThat(processes).allMatch(ProcessState::isGone);
            assertThat(Fixture.runs(settings)).isEmpty();
        }
    }
}
