package org.pgminicluster.trace;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.pgminicluster.journal.Journal;
import org.pgminicluster.journal.Trace;

/** vm1 feeds vm3, and vm4 is vm3's standby; who has what is told by what each node is seen to say. */
class DeliveriesTest {

    private static final String SLOT = "vm3_test_sub";
    private static final Trace.Commit FIRST = new Trace.Commit("0/1000100", "INSERT", List.of("test"));
    private static final Trace.Commit SECOND = new Trace.Commit("0/1000200", "INSERT", List.of("test"));
    private static final Trace.Commit THIRD = new Trace.Commit("0/1000300", "INSERT", List.of("test"));

    private final Journal journal = new Journal();
    private Deliveries deliveries = new Deliveries(journal);

    @BeforeEach
    void layOut() {
        journal.add(
                null,
                new Trace.Layout(
                        List.of(),
                        List.of(
                                new Trace.Arrow("vm1", "vm3", false, SLOT, List.of("test_pub"), SLOT, List.of("test")),
                                new Trace.Arrow("vm3", "vm4", true, "vm4", List.of(), "vm4", List.of()))));
        deliveries = new Deliveries(journal);
        seen("vm1", publisher("0/1000000"));
        seen("vm3", subscriber("0/2000000", "0/1000000", "test=r"));
        seen("vm4", standby("0/2000000"));
    }

    private void seen(String node, Trace.Probe probe) {
        deliveries.seen(node, probe, Map.of());
    }

    private static Trace.Probe publisher(String confirmed) {
        return new Trace.Probe(
                "running",
                "0/1000900",
                List.of(new Trace.Slot(SLOT, false, true, confirmed, 0L, 0L, "reserved")),
                List.of());
    }

    private static Trace.Probe subscriber(String lsn, @Nullable String applied, String table) {
        return new Trace.Probe(
                "running",
                lsn,
                List.of(),
                List.of(new Trace.Subscription(SLOT, SLOT, true, true, "0/1000900", applied, List.of(table))));
    }

    private static Trace.Probe thatIsTurnedAway() {
        return new Trace.Probe(
                "running",
                "0/2000000",
                List.of(),
                List.of(new Trace.Subscription(SLOT, SLOT, true, true, null, "0/1000000", List.of("test=r"))));
    }

    private static Trace.Probe standby(String replayed) {
        return new Trace.Probe("standby", replayed, List.of(), List.of());
    }

    @Test
    void what_has_arrived_at_a_standby_goes_on_to_who_subscribes_to_it() {
        String copy = "vm5_copy";
        journal.add(
                null,
                new Trace.Layout(
                        List.of(),
                        List.of(
                                new Trace.Arrow("vm1", "vm2", true, "vm2", List.of(), "vm2", List.of()),
                                new Trace.Arrow("vm2", "vm5", false, copy, List.of("p"), copy, List.of("test")))));
        deliveries = new Deliveries(journal);
        deliveries.begin("vm1", FIRST);
        seen("vm5", copies(copy, "0/1000000"));
        seen("vm2", standby("0/1000080"));
        assertThat(arrivals()).isEmpty();

        seen("vm2", standby("0/1000180"));
        assertThat(arrivals()).containsExactly("vm2 0/1000100 from vm1");
        seen("vm5", copies(copy, "0/10000F0"));
        assertThat(arrivals()).hasSize(1);
        seen("vm5", copies(copy, "0/1000100"));
        assertThat(arrivals()).containsExactly("vm2 0/1000100 from vm1", "vm5 0/1000100 from vm2");
    }

    private static Trace.Probe copies(String name, String applied) {
        return new Trace.Probe(
                "running",
                "0/3000000",
                List.of(),
                List.of(new Trace.Subscription(name, name, true, true, applied, applied, List.of("test=r"))));
    }

    private static Trace.Probe down() {
        return new Trace.Probe("down", null, List.of(), List.of());
    }

    private List<String> arrivals() {
        return journal.entries().stream()
                .filter(entry -> entry.event() instanceof Trace.Arrival)
                .map(entry -> entry.node() + " " + ((Trace.Arrival) entry.event()).lsn() + " from "
                        + ((Trace.Arrival) entry.event()).from())
                .toList();
    }

    @Test
    void a_commit_arrives_where_it_is_applied_and_then_where_that_is_replayed() {
        deliveries.begin("vm1", FIRST);
        seen("vm3", subscriber("0/2000100", "0/1000100", "test=r"));
        seen("vm4", standby("0/2000100"));
        assertThat(arrivals()).containsExactly("vm3 0/1000100 from vm1");

        // The position that was said with the arrival may be older than it, so that of the next time counts.
        seen("vm3", subscriber("0/2000180", "0/1000100", "test=r"));
        seen("vm4", standby("0/2000100"));
        assertThat(arrivals()).hasSize(1);
        assertThat(deliveries.underWay()).isTrue();

        seen("vm4", standby("0/2000180"));
        assertThat(arrivals()).containsExactly("vm3 0/1000100 from vm1", "vm4 0/1000100 from vm3");
        assertThat(deliveries.underWay()).isFalse();
    }

    @Test
    void a_standby_that_has_replayed_how_far_the_subscription_was_has_the_commit() {
        deliveries.begin("vm1", FIRST);
        seen("vm3", subscriber("0/2000100", "0/1000100", "test=r"));
        seen("vm3", down());

        deliveries.seen("vm4", standby("0/2000100"), Map.of(SLOT, "0/1000100"));

        assertThat(arrivals()).containsExactly("vm3 0/1000100 from vm1", "vm4 0/1000100 from vm3");
    }

    @Test
    void what_a_slot_passed_for_another_never_arrives_by_it() {
        deliveries.begin("vm1", SECOND);
        seen("vm3", subscriber("0/2000200", "0/1000200", "test=r"));
        seen("vm1", publisher("0/1000200"));
        seen("vm3", down());
        deliveries.begin("vm1", THIRD);

        // vm4 has been promoted and goes on with vm3's slot.
        seen("vm4", subscriber("0/3000000", "0/1000300", "test=r"));
        seen("vm1", publisher("0/1000300"));
        seen("vm4", subscriber("0/3000000", "0/1000300", "test=r"));

        assertThat(arrivals()).containsExactly("vm3 0/1000200 from vm1", "vm4 0/1000300 from vm1");
    }

    @Test
    void a_first_copy_brings_what_was_missed() {
        what_a_slot_passed_for_another_never_arrives_by_it();

        seen("vm4", subscriber("0/3000000", null, "test=d"));
        seen("vm4", subscriber("0/3000000", "0/1000400", "test=r"));

        assertThat(arrivals()).endsWith("vm4 0/1000200 from vm1");
    }

    @Test
    void a_subscriber_whose_slot_feeds_a_clone_does_not_have_what_the_clone_confirms() {
        seen("vm3", thatIsTurnedAway());
        seen("vm4", subscriber("0/3000000", "0/1000000", "test=r"));
        deliveries.begin("vm1", FIRST);

        seen("vm4", subscriber("0/3000000", "0/1000100", "test=r"));
        seen("vm1", publisher("0/1000100"));
        seen("vm3", thatIsTurnedAway());

        assertThat(arrivals()).containsExactly("vm4 0/1000100 from vm1");
    }
}
