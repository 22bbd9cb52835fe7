package org.pgminicluster.speed;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class MachineTest {

    @Test
    void what_processors_did_is_read_as_the_kernel_tells_it() {
        Machine.Cpu cpu = Machine.parse(
                "cpu  1000 200 300 4000 500 10 20 30 7 0\ncpu0 1 2 3 4 5 6 7 8 9 10\n",
                "42 (java) (x) S 1 42 42 0 -1 4194304 9 9 0 0 150 50 700 100 20 0 9 0 9 9 9");

        assertThat(cpu).isEqualTo(new Machine.Cpu(15.6, 45, 10));
    }

    @Test
    void a_share_is_what_was_busy_of_all() {
        Machine.Cpu used = new Machine.Cpu(30, 100, 5).minus(new Machine.Cpu(29, 97, 4));

        assertThat(used).isEqualTo(new Machine.Cpu(1, 3, 1));
        assertThat(used.busyShare()).isEqualTo(0.25);
    }

    @Test
    void a_machine_that_may_be_as_busy_as_it_likes_is_quiet_soon() {
        assertThat(Machine.awaitQuiet(1, Duration.ofSeconds(30))).isBetween(0.0, 1.0);
    }

    @Test
    void one_that_is_never_quiet_enough_is_given_up() {
        assertThat(Machine.awaitQuiet(-1, Duration.ofMillis(200))).isPositive();
    }
}
