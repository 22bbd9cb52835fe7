package org.pgminicluster.state;

import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** How far behind the user of a slot is, and up to where it has said that it has everything. */
class SlotStateTest {

    private static SlotState slot(@Nullable String restart, @Nullable String confirmed, @Nullable String replayed) {
        return new SlotState(
                "sub",
                false,
                "pgoutput",
                "rep",
                false,
                false,
                7,
                "replicator",
                lsn(restart),
                lsn(confirmed),
                "reserved",
                Lsn.parse("0/100"),
                new SlotState.Walsender(7, "sub", "streaming", null, null, lsn(replayed), "async"));
    }

    private static @Nullable Lsn lsn(@Nullable String text) {
        return text == null ? null : Lsn.parse(text);
    }

    @Test
    void it_lags_behind_from_where_its_user_has_confirmed_and_keeps_wal_from_before() {
        SlotState slot = slot("0/80", "0/F0", null);

        assertThat(slot.lag()).contains(16L);
        assertThat(slot.retained()).isEqualTo(128);
        assertThat(slot).hasToString("active, WAL reserved, 16 bytes behind");
    }

    @Test
    void where_nothing_is_confirmed_it_lags_behind_from_what_it_keeps() {
        assertThat(slot("0/80", null, null).lag()).contains(128L);
        assertThat(slot(null, null, null).lag()).isEmpty();
        assertThat(slot(null, null, null).retained()).isNull();
    }

    @Test
    void its_user_has_reported_the_later_of_what_is_confirmed_and_what_is_replayed() {
        assertThat(slot("0/80", "0/90", "0/A0").reported()).hasToString("0/A0");
        assertThat(slot("0/80", "0/B0", "0/A0").reported()).hasToString("0/B0");
        assertThat(slot("0/80", "0/B0", null).reported()).hasToString("0/B0");
        assertThat(slot("0/80", null, "0/A0").reported()).hasToString("0/A0");
        assertThat(slot("0/80", null, null).reported()).isNull();
    }
}
