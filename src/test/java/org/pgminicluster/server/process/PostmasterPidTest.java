package org.pgminicluster.server.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PostmasterPidTest {

    private static final List<String> READY =
            List.of("13516", "/tmp/c4", "1795417334", "15432", "", "127.0.0.1", "  2179991         5", "ready   ");

    @Test
    void reads_what_a_postmaster_writes(@TempDir Path data) throws Exception {
        Files.write(data.resolve("postmaster.pid"), READY);

        PostmasterPid file = PostmasterPid.read(data);

        assertThat(file.pid()).hasValue(13516);
        assertThat(file.startedSeconds()).hasValue(1795417334L);
        assertThat(file.sharedMemoryId()).hasValue(5);
        assertThat(file.isReady()).isTrue();
    }

    @Test
    void a_standby_is_ready_too_and_one_that_starts_or_stops_is_not() {
        assertThat(withStatus("standby ").isReady()).isTrue();
        assertThat(withStatus("starting").isReady()).isFalse();
        assertThat(withStatus("stopping").isReady()).isFalse();
    }

    @Test
    void half_a_file_and_none_tell_nothing(@TempDir Path data) {
        assertThat(new PostmasterPid(READY.subList(0, 3)).isReady()).isFalse();
        assertThat(new PostmasterPid(READY.subList(0, 3)).sharedMemoryId()).isEmpty();
        assertThat(new PostmasterPid(List.of("x")).pid()).isEmpty();
        assertThat(PostmasterPid.read(data).pid()).isEmpty();
    }

    private static PostmasterPid withStatus(String status) {
        return new PostmasterPid(List.of("1", "/d", "2", "3", "", "h", "4 5", status));
    }
}
