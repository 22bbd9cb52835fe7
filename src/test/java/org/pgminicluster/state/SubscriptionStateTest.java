package org.pgminicluster.state;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;
import org.pgminicluster.topology.TableName;

/** When all that a subscription copies first is there. */
class SubscriptionStateTest {

    private static SubscriptionState subscription(boolean twoPhasePending, SyncState... tables) {
        return new SubscriptionState(
                16400,
                "sub",
                "rep",
                false,
                true,
                "sub",
                "host=vm1",
                "{pub}",
                null,
                null,
                null,
                twoPhasePending,
                Stream.of(tables)
                        .map(state -> new SubscribedTable(TableName.of("test"), "test", state, null))
                        .toList());
    }

    @Test
    void it_is_synced_when_each_of_its_tables_is() {
        assertThat(subscription(false, SyncState.READY, SyncState.SYNCHRONIZED).isSynced())
                .isTrue();
    }

    @Test
    void without_a_table_it_is_not_synced() {
        assertThat(subscription(false).tables()).isEqualTo(List.of());
        assertThat(subscription(false).isSynced()).isFalse();
    }

    @Test
    void it_is_not_synced_while_it_is_to_become_two_phase() {
        assertThat(subscription(true, SyncState.READY).isSynced()).isFalse();
    }

    /** What is copied and has not caught up lacks what was changed meanwhile. */
    @ParameterizedTest
    @EnumSource(
            mode = Mode.EXCLUDE,
            names = {"READY", "SYNCHRONIZED"})
    void one_table_that_has_not_caught_up_is_enough_for_it_not_to_be_synced(SyncState state) {
        assertThat(subscription(false, SyncState.READY, state).isSynced()).isFalse();
    }
}
