package org.pgminicluster.topology;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A subscription whose subscriber has all rows already. */
class SubscriptionTest {

    private static Subscription with(UnaryOperator<Subscription.Builder> options) {
        return options.apply(new Subscription.Builder("sub").to("vm1", "pub")).build("rep");
    }

    @Test
    void it_copies_nothing_waits_to_be_enabled_and_is_the_same_otherwise() {
        assertThat(with(s -> s.slotName("a_slot").synchronousCommit("on")).withRowsThere())
                .contains(with(s -> s.slotName("a_slot")
                        .synchronousCommit("on")
                        .copyData(false)
                        .with("enabled", "false")));
        assertThat(with(s -> s.copyData(false)).withRowsThere())
                .contains(with(s -> s.copyData(false).with("enabled", "false")));
    }

    @ParameterizedTest
    @CsvSource({"enabled, false", "enabled, off", "connect, false", "slot_name, none"})
    void one_that_is_made_and_not_enabled_has_copied_nothing(String option, String value) {
        assertThat(with(s -> s.with(option, value)).withRowsThere()).isEmpty();
    }
}
