package org.pgminicluster.history;

import static org.pgminicluster.history.Judged.assertPassed;
import static org.pgminicluster.history.Judged.assertViolated;
import static org.pgminicluster.history.Recorded.good;
import static org.pgminicluster.history.Recorded.replaced;
import static org.pgminicluster.history.Recorded.with;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.pgminicluster.history.HistoryEvent.Expected;
import org.pgminicluster.history.HistoryEvent.FailedOver;
import org.pgminicluster.history.HistoryEvent.LogSign;
import org.pgminicluster.history.HistoryEvent.Outcome;
import org.pgminicluster.history.HistoryEvent.Refused;
import org.pgminicluster.history.HistoryEvent.Rejoined;
import org.pgminicluster.history.HistoryEvent.Settled;
import org.pgminicluster.history.HistoryEvent.Slot;
import org.pgminicluster.history.HistoryEvent.Worker;
import org.pgminicluster.history.HistoryEvent.Wrote;

/** In which state all is in the end, and what somebody is told of it who has not seen the test. */
class StateOracleTest {

    private static final long WAL_BOUND = 268_435_456;
    private static final long HEAL_BOUND = 240_000;

    private static History slot(boolean active, String status, long held) {
        return replaced(
                good(),
                Slot.class,
                it -> it.slot().equals("test_sub"),
                it -> new Slot(it.publisher(), it.slot(), active, status, held));
    }

    /** Before 13 nothing says whether the WAL of a slot is there. */
    @ParameterizedTest
    @ValueSource(strings = {"reserved", "extended", ""})
    void a_slot_in_use_may_hold_what_it_may_hold(String status) {
        assertPassed(slot(true, status, WAL_BOUND));
    }

    @Test
    void a_slot_that_is_not_as_it_should_be_is_told_as_it_is() {
        assertViolated(slot(false, "reserved", 0), Invariant.I8, "slot vm1/test_sub is not active, its WAL reserved");
        assertViolated(slot(true, "lost", 0), Invariant.I8, "slot vm1/test_sub is active, its WAL lost");
        assertViolated(
                slot(true, "extended", WAL_BOUND + 1),
                Invariant.I9,
                "slot vm1/test_sub holds 268435457 bytes of at most 268435456");
    }

    @Test
    void which_slots_must_be_there_is_what_was_known_last() {
        Expected none = new Expected(List.of("vm9/nobodys"));
        Expected those = new Expected(List.of("vm1/test_sub"));

        assertPassed(with(good(), none, those));
        assertViolated(with(good(), those, none), Invariant.I8, "slot vm9/nobodys is gone");
    }

    private static History settled(boolean settled, long tookMillis) {
        return replaced(
                good(), Settled.class, it -> true, it -> new Settled(settled, tookMillis, "lag of 3 kB", it.at()));
    }

    @Test
    void all_must_be_equal_within_the_bound() {
        assertPassed(settled(true, HEAL_BOUND));
        assertViolated(
                settled(true, HEAL_BOUND + 1),
                Invariant.I13,
                "not equal after 240001 ms of at most 240000 ms: lag of 3 kB");
        assertViolated(settled(false, 5), Invariant.I13, "not equal after 5 ms of at most 240000 ms: lag of 3 kB");
    }

    @Test
    void a_worker_that_is_away_or_complains_is_named() {
        assertViolated(
                with(
                        good(),
                        new Worker("vm3", "vm3_test_sub", false),
                        new LogSign("vm3", "duplicate key value violates unique constraint", 7)),
                Invariant.I14,
                "vm3_test_sub on vm3 has no apply worker",
                "vm3 logged 7 times: duplicate key value violates unique constraint");
    }

    @Test
    void a_refused_failover_may_go_through_in_the_same_millisecond() {
        Refused refused = new Refused("vm3", "vm4", "too early", 5);
        Rejoined back = new Rejoined("vm3", "pg_rewind", 1, 6);

        assertPassed(with(good(), refused, new FailedOver("vm3", "vm4", false, 1, 5), back));
        assertViolated(
                with(good(), refused, new FailedOver("vm3", "vm4", false, 1, 4), back),
                Invariant.I15,
                "the failover from vm3 to vm4 was refused to the end: too early");
    }

    @Test
    void of_all_that_a_planned_switch_over_has_disturbed_the_first_is_told() {
        assertViolated(
                with(
                        good(),
                        new FailedOver("vm3", "vm4", true, 20, 100),
                        new Rejoined("vm3", "pg_rewind", 1, 101),
                        new Wrote("vm1", 9000, 0, Outcome.FAILED, "57P03", "", 90),
                        new Wrote("vm1", 9001, 0, Outcome.FAILED, "08006", "", 85)),
                Invariant.I16,
                "transaction 9000 of vm1 was FAILED with \"57P03\" at 90 ms, while vm4 took over from vm3");
    }
}
