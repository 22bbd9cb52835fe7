package org.pgminicluster.speed;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class PhasesTest {

    @Test
    void phases_lie_between_moments() {
        assertThat(Phases.between(1_000_000, 3_000_000, 3_500_000, 7_500_000)).isEqualTo(new Phases(2, 0.5, 4));
    }

    @Test
    void each_phase_has_a_median_of_its_own_and_so_has_the_total() {
        List<Phases> runs = List.of(new Phases(1, 20, 3), new Phases(2, 10, 1), new Phases(3, 30, 2));

        assertThat(Phases.median(runs)).isEqualTo(new Phases(2, 20, 2));
        assertThat(Phases.medianTotal(runs)).isEqualTo(24);
    }
}
