package org.pgminicluster.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class HealthTest {

    private static final Trace.Subscription SUBSCRIPTION =
            new Trace.Subscription("sub", "sub", true, true, null, null, List.of("t=r"));

    private static Health with(Trace.Slot... slots) {
        return Health.of(SUBSCRIPTION, Optional.of(new Trace.Probe("running", "0/10", List.of(slots), List.of())));
    }

    private static Trace.Slot slot(boolean physical, boolean active) {
        return new Trace.Slot("sub", physical, active, null, null, null, null);
    }

    @Test
    void a_slot_in_use_streams() {
        assertThat(with(slot(false, true))).isEqualTo(Health.STREAMING);
        assertThat(with(slot(false, false))).isEqualTo(Health.SLOT_NOT_IN_USE);
    }

    /** Its application name is that of the subscription, as is the slot that it will ask for. */
    @Test
    void a_walsender_that_has_just_connected_is_no_slot() {
        assertThat(with(slot(true, true))).isEqualTo(Health.SLOT_GONE);
    }
}
