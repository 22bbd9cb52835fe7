package org.pgminicluster.server.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class SharedMemoryTest {

    private static final List<String> TABLE = List.of(
            "       key      shmid perms                  size  cpid  lpid nattch   uid   gid  cuid  cgid ...",
            "   2179991          5   600                    56 13516 13516      6     0     0     0     0 ...",
            "   2179992         32   600                    56 13517 13517      0     0     0     0     0 ...");

    @Test
    void only_a_segment_that_exists_and_that_nobody_uses_is_unused() {
        assertThat(SharedMemory.isUnused(32, TABLE)).isTrue();
        assertThat(SharedMemory.isUnused(5, TABLE)).isFalse();
        assertThat(SharedMemory.isUnused(3, TABLE)).isFalse();
        assertThat(SharedMemory.isUnused(600, TABLE)).isFalse();
    }
}
