package org.pgminicluster.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.pgminicluster.history.Recorded.good;
import static org.pgminicluster.history.Recorded.lastRead;
import static org.pgminicluster.history.Recorded.lookedAgain;
import static org.pgminicluster.history.Recorded.replaced;
import static org.pgminicluster.history.Recorded.with;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.pgminicluster.history.HistoryEvent.Canaries;
import org.pgminicluster.history.HistoryEvent.Expected;
import org.pgminicluster.history.HistoryEvent.FailedOver;
import org.pgminicluster.history.HistoryEvent.Kept;
import org.pgminicluster.history.HistoryEvent.Outcome;
import org.pgminicluster.history.HistoryEvent.Read;
import org.pgminicluster.history.HistoryEvent.Refused;
import org.pgminicluster.history.HistoryEvent.Rejoined;
import org.pgminicluster.history.HistoryEvent.Wrote;

/** What the oracle makes of failovers and of what is done to subscriptions on purpose. */
class CourseOracleTest {

    private static final String REASON = "expected vm4 to be ready; nothing was changed";

    private static void assertViolated(History history, String... violations) {
        assertThat(Oracle.judge(history).violations())
                .extracting(Violation::toString)
                .containsExactly(violations);
    }

    private static void assertPassed(History history) {
        assertThat(Oracle.judge(history)).hasToString("PASSED");
    }

    @Test
    void a_failover_may_be_refused_and_go_through_later() {
        assertPassed(with(
                good(),
                new Refused("vm3", "vm4", REASON, 5),
                new FailedOver("vm3", "vm4", false, 1, 9),
                new Rejoined("vm3", "pg_rewind", 1, 10)));
    }

    @Test
    void a_failover_that_is_refused_to_the_end_is_named_once() {
        assertViolated(
                with(
                        good(),
                        new FailedOver("vm3", "vm4", false, 1, 3),
                        new Rejoined("vm3", "pg_rewind", 1, 4),
                        new Refused("vm3", "vm4", "too early", 5),
                        new FailedOver("vm3", "vm5", false, 1, 7),
                        new FailedOver("vm2", "vm4", false, 1, 7),
                        new Rejoined("vm3", "pg_rewind", 1, 8),
                        new Rejoined("vm2", "pg_rewind", 1, 8),
                        new Refused("vm3", "vm4", REASON, 9)),
                "I15 (a failover that is refused goes through when the standby has replayed what it lacked): the"
                        + " failover from vm3 to vm4 was refused to the end: " + REASON);
    }

    @Test
    void of_a_node_that_has_rejoined_rows_are_wanted_again() {
        History gone = new History(with(good(), new FailedOver("vm3", "vm4", false, 1, 3)).events().stream()
                .filter(event ->
                        !(event instanceof Canaries canaries && canaries.node().equals("vm3")))
                .toList());

        assertPassed(gone);
        List<HistoryEvent> events = new ArrayList<>(gone.events());
        events.add(1, new Rejoined("vm3", "pg_rewind", 1, 4));
        assertThat(Oracle.judge(new History(events)))
                .hasToString("INVALID: the rows of vm1 on vm3 were not read in the end");
    }

    private static History switchedOver(boolean planned, long at, Outcome outcome) {
        Wrote last = Recorded.acknowledged().get(Recorded.acknowledged().size() - 1);
        Wrote lost = new Wrote(last.ledger(), 9999, 0, outcome, "57P01", "", at);
        return with(
                good(), new FailedOver("vm3", "vm4", planned, 20, 100), new Rejoined("vm3", "pg_rewind", 1, 101), lost);
    }

    @Test
    void a_planned_switch_over_disturbs_nobody() {
        assertViolated(
                switchedOver(true, 80, Outcome.UNKNOWN),
                "I16 (a planned switch-over disturbs no writer): transaction 9999 of vm1 was UNKNOWN with \"57P01\" at 80"
                        + " ms, while vm4 took over from vm3");
        assertThat(Oracle.judge(switchedOver(true, 100, Outcome.FAILED)).violated())
                .containsExactly(Invariant.I16);
        assertPassed(switchedOver(true, 100, Outcome.ROLLED_BACK));
        assertPassed(switchedOver(true, 79, Outcome.FAILED));
        assertPassed(switchedOver(true, 101, Outcome.FAILED));
        assertPassed(switchedOver(false, 90, Outcome.FAILED));
    }

    @Test
    void a_slot_that_keeps_what_nobody_wants_is_named() {
        assertViolated(
                with(good(), new Kept("vm1", "failover_vm4_vm3_test_sub", 1), new Kept("vm1", "vm3_test_sub", 0)),
                "I9 (the WAL that slots hold back is bounded): slot vm1/failover_vm4_vm3_test_sub keeps 1 bytes of which"
                        + " no subscription wants any");
    }

    @Test
    void after_a_failover_other_slots_must_be_there() {
        assertViolated(
                with(good(), new Expected(List.of("vm1/test_sub", "vm1/failover_vm4_vm3_test_sub"))),
                "I8 (the slots are there, in use and not lost, and no others of theirs are left): slot vm1/failover_vm4_vm3_test_sub is gone");
    }

    @Test
    void a_slot_that_a_failover_has_left_is_named() {
        assertViolated(
                with(good(), new HistoryEvent.LeftOver("vm1", "vm3_test_sub")),
                "I8 (the slots are there, in use and not lost, and no others of theirs are left): slot vm1/vm3_test_sub is"
                        + " left, which nobody needs any more");
    }

    private static Read read(Read read, long n, String applied, String started, String source, long at) {
        return new Read(
                read.node(),
                read.ledger(),
                n,
                read.transactions(),
                read.last(),
                read.pairs(),
                read.rows(),
                applied,
                started,
                source,
                at);
    }

    @Test
    void while_a_copy_is_not_whole_it_is_not_judged() {
        Read last = lastRead();

        assertPassed(lookedAgain(read(last, 0, "", last.started(), "", last.at() + 1)));
        assertThat(Oracle.judge(lookedAgain(read(last, 0, "", last.started(), last.source(), last.at() + 1)))
                        .violated())
                .containsExactly(Invariant.I4, Invariant.I10, Invariant.I11);
    }

    @Test
    void a_subscription_that_was_made_anew_has_another_origin_and_no_fewer_rows() {
        Read last = lastRead();

        assertPassed(lookedAgain(read(last, last.n(), "0/1", last.started(), "2", last.at() + 1)));
        assertThat(Oracle.judge(lookedAgain(read(last, last.n() - 1, "0/1", last.started(), "2", last.at() + 1)))
                        .violated())
                .contains(Invariant.I11);
    }

    @Test
    void an_origin_that_has_no_position_says_nothing_when_its_subscription_is_about_to_go() {
        Read last = lastRead();
        Read empty = read(last, last.n(), "", last.started(), last.source(), last.at() + 1);
        Read gone = read(last, 0, "", last.started(), "", last.at() + 3);
        List<HistoryEvent> events = new ArrayList<>(lookedAgain(empty).events());

        assertThat(Oracle.judge(new History(events)).violated()).containsExactly(Invariant.I10);
        events.add(read(last, last.n(), "", last.started(), last.source(), last.at() + 2));
        assertThat(Oracle.judge(new History(events)).violated()).containsExactly(Invariant.I10);
        events.add(gone);
        assertPassed(new History(events));
        events.add(read(last, last.n(), "", last.started(), "2", last.at() + 4));
        assertPassed(new History(events));
    }

    /** What only it had is given up. */
    @Test
    void a_node_that_rejoins_may_have_fewer_rows_than_before() {
        Read last = lastRead();
        Read fewer = new Read(
                last.node(),
                last.ledger(),
                last.n() - 1,
                last.n() - 1,
                last.n() - 1,
                2 * (last.n() - 1),
                2 * (last.n() - 1),
                last.applied(),
                "2027-01-01 00:00:00+00",
                last.source(),
                last.at() + 10);
        History back = lookedAgain(fewer);

        assertThat(Oracle.judge(back).violated()).containsExactly(Invariant.I11);
        assertPassed(with(back, new Rejoined("vm3", "pg_rewind", 5, last.at() + 11)));
        assertPassed(with(back, new Rejoined("vm3", "pg_rewind", 5, last.at())));
        assertPassed(with(back, new Rejoined("vm3", "pg_rewind", 5, last.at() + 15)));
        assertThat(Oracle.judge(with(back, new Rejoined("vm3", "pg_rewind", 5, last.at() - 1)))
                        .violated())
                .contains(Invariant.I11);
        assertThat(Oracle.judge(with(back, new Rejoined("vm3", "pg_rewind", 5, last.at() + 16)))
                        .violated())
                .contains(Invariant.I11);
        assertThat(Oracle.judge(with(back, new Rejoined("vm2", "pg_rewind", 5, last.at() + 11)))
                        .violated())
                .contains(Invariant.I11);
        assertThat(Oracle.judge(with(
                                replaced(
                                        back,
                                        Read.class,
                                        read -> read == fewer,
                                        read -> read(
                                                fewer,
                                                fewer.n(),
                                                fewer.applied(),
                                                last.started(),
                                                fewer.source(),
                                                fewer.at())),
                                new Rejoined("vm3", "pg_rewind", 5, last.at() + 11)))
                        .violated())
                .contains(Invariant.I11);
    }
}
