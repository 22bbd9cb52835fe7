package org.pgminicluster.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NearestTest {

    private static final List<String> NODES = List.of("vm1", "vm2", "vm3", "warehouse");

    @ParameterizedTest
    @CsvSource({
        "vm1, vm1, 0",
        "VM1, vm1, 0",
        "vn1, vm1, 1",
        "mv1, vm1, 1",
        "vm, vm1, 1",
        "vm12, vm1, 1",
        "'', vm1, 3",
        "donw, down, 1"
    })
    void a_distance_counts_mistypings(String typed, String name, int distance) {
        assertThat(Nearest.distance(typed, name)).isEqualTo(distance);
        assertThat(Nearest.distance(name, typed)).isEqualTo(distance);
    }

    @Test
    void the_nearest_come_first_and_no_more_than_three() {
        assertThat(Nearest.to("vm33", NODES)).containsExactly("vm3");
        assertThat(Nearest.to("vm4", NODES)).containsExactly("vm1", "vm2", "vm3");
        assertThat(Nearest.to("wharehouse", NODES)).containsExactly("warehouse");
        assertThat(Nearest.to("house", NODES)).containsExactly("warehouse");
        assertThat(Nearest.to("something", NODES)).isEmpty();
    }
}
