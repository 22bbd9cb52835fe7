package org.pgminicluster.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class WaitsTest {

    @Test
    void what_comes_soon_is_seen_soon_and_long_waits_look_less_often() {
        assertThat(Waits.pollAfter(Duration.ZERO)).isEqualTo(Duration.ofMillis(2));
        assertThat(Waits.pollAfter(Duration.ofMillis(100))).isEqualTo(Duration.ofMillis(2));
        assertThat(Waits.pollAfter(Duration.ofMillis(400))).isEqualTo(Duration.ofMillis(4));
        assertThat(Waits.pollAfter(Duration.ofSeconds(1))).isEqualTo(Duration.ofMillis(10));
        assertThat(Waits.pollAfter(Duration.ofMinutes(5))).isEqualTo(Duration.ofMillis(10));
    }
}
