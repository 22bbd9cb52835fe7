package org.pgminicluster.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import org.junit.jupiter.api.Test;

class TemporaryDirectoryTest {

    @Test
    void what_is_available_is_read_from_meminfo() {
        assertThat(TemporaryDirectory.available(
                        List.of("MemTotal:       24689224 kB", "MemFree:  1 kB", "MemAvailable:   21533136 kB")))
                .isEqualTo(21533136L * 1024);
        assertThat(TemporaryDirectory.available(List.of("MemTotal: 1 kB"))).isZero();
        assertThat(TemporaryDirectory.available(List.of())).isZero();
    }

    @Test
    void a_limit_is_read_from_the_control_group_if_there_is_one() {
        assertThat(TemporaryDirectory.limit(List.of("2147483648"))).isEqualTo(2147483648L);
        assertThat(TemporaryDirectory.limit(List.of("max"))).isEqualTo(Long.MAX_VALUE);
        assertThat(TemporaryDirectory.limit(List.of("9223372036854771712"))).isEqualTo(Long.MAX_VALUE);
        assertThat(TemporaryDirectory.limit(List.of())).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void it_is_one_of_those_that_are_looked_through_for_leftovers() {
        Properties properties = System.getProperties();

        assertThat(TemporaryDirectory.all())
                .contains(TemporaryDirectory.choose(properties), TemporaryDirectory.onDisk())
                .allMatch(directory -> directory.endsWith("pg-minicluster-" + properties.getProperty("user.name")));
    }

    @Test
    void only_what_can_be_written_is_in_memory() {
        assertThat(TemporaryDirectory.isInMemory(Path.of("/proc"))).isFalse();
        assertThat(TemporaryDirectory.isInMemory(Path.of("/nowhere"))).isFalse();
    }
}
