package org.pgminicluster.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs(OS.LINUX)
class ProcessStateTest {

    @Test
    void a_zombie_is_gone_although_the_jdk_calls_it_alive() throws Exception {
        // The program that takes the shell's place never asks what has become of its child.
        Process parent = new ProcessBuilder("sh", "-c", "sleep 0.1 & exec sleep 60").start();
        try {
            List<ProcessHandle> children = await().atMost(Duration.ofSeconds(10))
                    .until(() -> parent.toHandle().children().toList(), found -> !found.isEmpty());
            ProcessHandle child = children.get(0);

            await().atMost(Duration.ofSeconds(10)).until(() -> ProcessState.isGone(child));

            assertThat(child.isAlive()).isTrue();
            assertThat(ProcessState.isGone(parent.toHandle())).isFalse();
        } finally {
            parent.destroyForcibly().waitFor();
        }
        assertThat(ProcessState.isGone(parent.toHandle())).isTrue();
    }
}
