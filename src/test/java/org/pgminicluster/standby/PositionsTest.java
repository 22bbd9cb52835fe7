package org.pgminicluster.standby;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.pgminicluster.state.Lsn;
import org.pgminicluster.state.SubscribedTable;
import org.pgminicluster.state.SubscriptionState;
import org.pgminicluster.state.SyncState;
import org.pgminicluster.topology.TableName;

/** Up to where a standby has everything, by more tables than the one of {@link FailoverModel}. */
class PositionsTest {

    private static final Lsn NOTHING_KNOWN = Followed.NOWHERE;

    private static Followed followed(@Nullable String applied, SubscribedTable... tables) {
        return new Followed(
                "vm4",
                "vm1",
                "sub",
                new SubscriptionState(
                        1,
                        "sub",
                        "rep",
                        true,
                        true,
                        "sub",
                        "",
                        "{pub}",
                        null,
                        null,
                        lsn(applied),
                        false,
                        List.of(tables)));
    }

    private static SubscribedTable table(String name, SyncState state, @Nullable String since) {
        return new SubscribedTable(TableName.of(name), name, state, lsn(since));
    }

    private static @Nullable Lsn lsn(@Nullable String text) {
        return text == null ? null : Lsn.parse(text);
    }

    @Test
    void the_latest_that_is_known_holds() {
        Followed two =
                followed("0/30", table("a", SyncState.READY, "0/20"), table("b", SyncState.SYNCHRONIZED, "0/90"));

        assertThat(Positions.reached(two, NOTHING_KNOWN)).contains(Lsn.parse("0/30"));
        assertThat(Positions.reached(two, Lsn.parse("0/40"))).contains(Lsn.parse("0/40"));
        assertThat(Positions.reached(
                        followed(null, table("a", SyncState.READY, "0/20"), table("b", SyncState.READY, "0/50")),
                        NOTHING_KNOWN))
                .contains(Lsn.parse("0/50"));
    }

    /** What was committed to the one since is not in the copy of the other. */
    @Test
    void of_tables_that_are_only_synchronized_the_earliest_holds() {
        assertThat(Positions.reached(
                        followed(
                                null,
                                table("a", SyncState.SYNCHRONIZED, "0/20"),
                                table("b", SyncState.SYNCHRONIZED, "0/50")),
                        NOTHING_KNOWN))
                .contains(Lsn.parse("0/20"));
    }

    @Test
    void a_table_that_is_ready_without_a_copy_tells_nothing() {
        assertThat(Positions.reached(followed(null, table("a", SyncState.READY, null)), NOTHING_KNOWN))
                .isEmpty();
    }

    @Test
    void what_is_still_to_be_copied_can_go_on_from_anywhere() {
        assertThat(Positions.reached(followed(null, table("a", SyncState.DATA_COPY, null)), NOTHING_KNOWN))
                .contains(Positions.ANYWHERE);
    }
}
