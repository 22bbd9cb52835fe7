package org.pgminicluster.standby;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Which failover slots are nobody's any more. */
class OrphansTest {

    private final Orphans orphans = new Orphans();

    private int looksUntilItIsOne(String publisher) {
        int looks = 1;
        while (!orphans.isOne(publisher, "failover_vm4_sub", false)) {
            looks++;
        }
        return looks;
    }

    @Test
    void a_slot_that_nobody_needs_is_an_orphan_after_many_looks() {
        assertThat(looksUntilItIsOne("vm1")).isEqualTo(25);
        assertThat(looksUntilItIsOne("vm1")).as("when it could not be dropped").isEqualTo(25);
    }

    @Test
    void one_look_that_finds_somebody_begins_anew() {
        for (int look = 1; look < 25; look++) {
            assertThat(orphans.isOne("vm1", "failover_vm4_sub", false)).isFalse();
        }
        assertThat(orphans.isOne("vm1", "failover_vm4_sub", true)).isFalse();

        assertThat(looksUntilItIsOne("vm1")).isEqualTo(25);
    }

    @Test
    void slots_of_one_name_are_counted_by_publisher() {
        for (int look = 1; look < 25; look++) {
            assertThat(orphans.isOne("vm1", "failover_vm4_sub", false)).isFalse();
        }

        assertThat(looksUntilItIsOne("vm2")).isEqualTo(25);
        assertThat(looksUntilItIsOne("vm1")).isEqualTo(1);
    }
}
