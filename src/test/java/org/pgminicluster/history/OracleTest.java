package org.pgminicluster.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.pgminicluster.history.Recorded.acknowledged;
import static org.pgminicluster.history.Recorded.canaries;
import static org.pgminicluster.history.Recorded.durable;
import static org.pgminicluster.history.Recorded.good;
import static org.pgminicluster.history.Recorded.lastRead;
import static org.pgminicluster.history.Recorded.lookedAgain;
import static org.pgminicluster.history.Recorded.outcome;
import static org.pgminicluster.history.Recorded.replaced;
import static org.pgminicluster.history.Recorded.rows;
import static org.pgminicluster.history.Recorded.saw;
import static org.pgminicluster.history.Recorded.without;
import static org.pgminicluster.history.Recorded.writing;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.pgminicluster.history.HistoryEvent.Canary;
import org.pgminicluster.history.HistoryEvent.Confirmed;
import org.pgminicluster.history.HistoryEvent.Outcome;
import org.pgminicluster.history.HistoryEvent.Read;
import org.pgminicluster.history.HistoryEvent.Settled;
import org.pgminicluster.history.HistoryEvent.Slot;
import org.pgminicluster.history.HistoryEvent.TableRow;
import org.pgminicluster.history.HistoryEvent.TableRows;
import org.pgminicluster.history.HistoryEvent.Tried;
import org.pgminicluster.history.HistoryEvent.Worker;
import org.pgminicluster.history.HistoryEvent.Wrote;

/** The oracle on a good history, and on the same with one defect planted each, which it must name exactly. */
class OracleTest {

    private static void assertNamed(History history, Invariant... invariants) {
        Verdict verdict = Oracle.judge(history);
        assertThat(verdict.violated()).as(verdict.toString()).containsExactly(invariants);
    }

    private static void assertPassed(History history) {
        assertThat(Oracle.judge(history)).hasToString("PASSED");
    }

    @Test
    void a_good_history_passes() {
        assertPassed(good());
    }

    @Test
    void an_acknowledged_transaction_that_is_missing_is_lost() {
        int op = acknowledged().get(5).op();
        History history = canaries("vm3", "vm1", rows -> {
            rows.removeIf(row -> row.op() == op);
            return rows;
        });
        assertThat(Oracle.judge(history))
                .hasToString("FAILED [I1]\n    I1 (no acknowledged row is lost): n1_canary on vm3 lacks what was"
                        + " acknowledged: transaction 7 (counter 6)");
    }

    @Test
    void the_last_acknowledged_transaction_counts_like_any_other() {
        int last = acknowledged().get(acknowledged().size() - 1).op();
        assertNamed(
                canaries("vm2", "vm1", rows -> {
                    rows.removeIf(row -> row.op() == last);
                    return rows;
                }),
                Invariant.I1);
    }

    @Test
    void what_the_publisher_itself_has_lost_is_lost() {
        int op = acknowledged().get(3).op();
        assertNamed(
                canaries("vm1", "vm1", rows -> {
                    rows.removeIf(row -> row.op() == op);
                    return rows;
                }),
                Invariant.I1);
    }

    @Test
    void a_row_that_is_missing_is_lost() {
        assertNamed(
                rows("vm3", "vm1", rows -> {
                    rows.remove(0);
                    return rows;
                }),
                Invariant.I1);
    }

    @Test
    void an_update_that_is_missing_is_lost() {
        Canary earlier = good().all(HistoryEvent.Canaries.class)
                .flatMap(it -> it.rows().stream())
                .findFirst()
                .orElseThrow();
        assertNamed(
                rows("vm3", "vm1", rows -> {
                    rows.set(0, new TableRow(rows.get(0).key(), "older", earlier.committed()));
                    return rows;
                }),
                Invariant.I1);
    }

    @Test
    void a_transaction_that_nobody_wrote_is_a_phantom() {
        assertNamed(
                canaries("vm3", "vm1", rows -> {
                    rows.add(new Canary(900, 1, 900, null));
                    rows.add(new Canary(900, 2, 900, null));
                    return rows;
                }),
                Invariant.I2);
    }

    @Test
    void a_transaction_that_failed_and_is_there_is_a_phantom() {
        assertNamed(outcome(good(), acknowledged().get(5).op(), Outcome.FAILED), Invariant.I2);
    }

    @Test
    void a_row_that_only_a_copy_has_is_a_phantom() {
        assertNamed(
                rows("vm3", "vm1", rows -> {
                    rows.add(new TableRow("77", "digest", "2026-01-01 00:00:00+00"));
                    return rows;
                }),
                Invariant.I2);
    }

    @Test
    void an_unknown_outcome_that_is_not_there_is_not_lost() {
        int op = acknowledged().get(5).op();
        History history = outcome(good(), op, Outcome.UNKNOWN);
        for (String node : List.of("vm1", "vm2", "vm3")) {
            history = canaries(history, node, "vm1", rows -> {
                rows.removeIf(row -> row.op() == op);
                return rows;
            });
        }
        assertPassed(history);
    }

    @Test
    void an_unknown_outcome_that_is_there_is_no_phantom() {
        assertPassed(outcome(good(), acknowledged().get(5).op(), Outcome.UNKNOWN));
    }

    @Test
    void a_canary_row_that_is_there_twice_is_applied_twice() {
        assertNamed(
                canaries("vm3", "vm1", rows -> {
                    rows.add(rows.get(4));
                    return rows;
                }),
                Invariant.I3);
    }

    @Test
    void a_duplicate_that_was_seen_on_the_way_is_named_too() {
        Read read = lastRead();
        assertNamed(lookedAgain(read(read, read.n(), read.last(), read.pairs(), read.rows() + 1)), Invariant.I3);
    }

    @Test
    void half_a_transaction_is_torn() {
        assertNamed(
                canaries("vm3", "vm1", rows -> {
                    rows.remove(4);
                    return rows;
                }),
                Invariant.I5);
    }

    @Test
    void half_a_transaction_that_was_seen_on_the_way_is_torn() {
        Read read = lastRead();
        assertNamed(lookedAgain(read(read, read.n(), read.last(), read.pairs() - 1, read.rows() - 1)), Invariant.I5);
    }

    @Test
    void commits_that_were_swapped_are_no_prefix() {
        Read read = lastRead();
        // The one after the last was seen, but not the last.
        assertNamed(lookedAgain(read(read, read.n() + 1, read.last() + 1, read.pairs(), read.rows())), Invariant.I4);
    }

    @Test
    void a_counter_ahead_of_its_rows_is_no_prefix() {
        Read read = lastRead();
        assertNamed(lookedAgain(read(read, read.n() + 1, read.last(), read.pairs(), read.rows())), Invariant.I4);
    }

    private static Read read(Read read, long n, long last, long pairs, long rows) {
        return new Read(
                read.node(),
                read.ledger(),
                n,
                read.transactions(),
                last,
                pairs,
                rows,
                read.applied(),
                read.started(),
                read.source(),
                read.at() + 1);
    }

    @Test
    void a_forbidden_write_that_was_carried_out_is_named() {
        assertNamed(tried("00000"), Invariant.I6);
    }

    @Test
    void a_forbidden_write_that_was_refused_for_another_reason_is_named() {
        assertNamed(tried("23505"), Invariant.I6);
    }

    @Test
    void a_forbidden_write_that_found_no_server_says_nothing() {
        assertPassed(tried(""));
        assertPassed(tried("57P01"));
    }

    private static History tried(String sqlState) {
        return replaced(
                good(),
                Tried.class,
                it -> it.node().equals("vm3"),
                it -> new Tried(it.node(), it.ledger(), it.table(), it.attempt(), sqlState, it.at()));
    }

    @Test
    void a_local_write_on_a_read_only_table_stands_out_by_its_commit_time() {
        assertNamed(
                rows("vm3", "vm1", rows -> {
                    TableRow row = rows.get(0);
                    rows.set(0, new TableRow(row.key(), row.digest(), "2026-01-01 00:00:00+00"));
                    return rows;
                }),
                Invariant.I6_SEEN);
    }

    @Test
    void what_is_confirmed_and_gone_after_the_crash_is_named() {
        String last = acknowledged().get(acknowledged().size() - 1).lsn();
        assertNamed(
                replaced(
                        good(),
                        Confirmed.class,
                        it -> it.ledger().equals("vm1"),
                        it -> new Confirmed(it.node(), it.ledger(), it.slot(), last, it.at())),
                Invariant.I7);
    }

    @Test
    void what_is_confirmed_on_its_slot_and_missing_on_the_promoted_node_is_named() {
        Wrote tenth = acknowledged().get(9);
        assertNamed(promoted(tenth.lsn(), tenth.n() - 1), Invariant.I12);
        assertPassed(promoted(tenth.lsn(), tenth.n()));
    }

    private static History promoted(String confirmed, long n) {
        return Recorded.with(good(), new HistoryEvent.Promoted("vm4", "vm1", "vm3_test_sub", confirmed, n, 9));
    }

    @Test
    void of_a_node_that_was_failed_over_from_nobody_wants_to_see_rows() {
        History history = replaced(
                replaced(
                        Recorded.with(good(), new HistoryEvent.FailedOver("vm3", "vm4", false, 5, 9)),
                        TableRows.class,
                        it -> it.node().equals("vm3"),
                        it -> new TableRows("vm4", it.ledger(), it.table(), it.view(), it.rows())),
                HistoryEvent.Canaries.class,
                it -> it.node().equals("vm3"),
                it -> new HistoryEvent.Canaries("vm4", it.ledger(), it.rows()));
        assertPassed(history);
    }

    @Test
    void a_slot_that_is_gone_is_named() {
        History history = good();
        List<HistoryEvent> events = new ArrayList<>(history.events());
        events.remove(history.first(Slot.class).orElseThrow());
        assertNamed(new History(events), Invariant.I8);
    }

    @Test
    void a_slot_that_is_lost_is_named() {
        assertNamed(slot(false, "lost", 0), Invariant.I8);
    }

    @Test
    void a_slot_that_nobody_uses_is_named() {
        assertNamed(slot(false, "reserved", 0), Invariant.I8);
    }

    @Test
    void a_slot_that_holds_too_much_is_named() {
        assertNamed(slot(true, "extended", 1L << 40), Invariant.I9);
    }

    private static History slot(boolean active, String status, long held) {
        return replaced(
                good(),
                Slot.class,
                it -> it.slot().equals("test_sub"),
                it -> new Slot(it.publisher(), it.slot(), active, status, held));
    }

    @Test
    void an_origin_that_goes_back_is_named() {
        assertNamed(lookedAgain(saw(lastRead().n(), "0/1", lastRead().started())), Invariant.I10);
    }

    @Test
    void an_origin_may_go_back_over_a_restart() {
        assertPassed(lookedAgain(saw(lastRead().n(), "0/1", "later")));
    }

    @Test
    void a_read_may_go_backwards_over_a_restart_when_commits_are_asynchronous() {
        History history = lookedAgain(saw(lastRead().n() - 1, lastRead().applied(), "later"));
        assertPassed(durable(history, false));
    }

    @Test
    void a_read_must_not_go_backwards_over_a_restart_when_commits_are_synchronous() {
        History history = lookedAgain(saw(lastRead().n() - 1, lastRead().applied(), "later"));
        assertNamed(durable(history, true), Invariant.I11);
    }

    @Test
    void a_read_must_not_go_backwards_without_a_restart() {
        History history = lookedAgain(
                saw(lastRead().n() - 1, lastRead().applied(), lastRead().started()));
        assertNamed(durable(history, false), Invariant.I11);
    }

    @Test
    void a_history_that_does_not_settle_is_late_but_has_lost_nothing() {
        History late = replaced(
                canaries("vm3", "vm1", rows -> {
                    rows.removeIf(row -> row.op() > 10);
                    return rows;
                }),
                Settled.class,
                it -> true,
                it -> new Settled(false, 30_000, "waited for the subscription", it.at()));
        assertNamed(late, Invariant.I13);
    }

    @Test
    void a_worker_that_does_not_run_is_named() {
        assertNamed(
                replaced(
                        good(),
                        Worker.class,
                        it -> it.subscription().equals("test_sub"),
                        it -> new Worker(it.node(), it.subscription(), false)),
                Invariant.I14);
    }

    @Test
    void an_error_that_comes_again_and_again_is_named() {
        assertNamed(Recorded.with(good(), new HistoryEvent.LogSign("vm3", "duplicate key value", 7)), Invariant.I14);
    }

    @Test
    void an_empty_history_is_invalid() {
        assertThat(Oracle.judge(new History(List.of()))).hasToString("INVALID: it has no beginning");
        HistoryEvent begun = Objects.requireNonNull(good().events().get(0));
        assertThat(Oracle.judge(new History(List.of(begun))))
                .hasToString("INVALID: no transaction of vm1 was acknowledged");
    }

    @Test
    void a_history_of_a_publisher_that_wrote_nothing_is_invalid() {
        History history = replaced(
                without(without(good(), HistoryEvent.Canaries.class), TableRows.class),
                Wrote.class,
                it -> it.ledger().equals("vm2"),
                it -> new Wrote(it.ledger(), it.op(), 0, Outcome.FAILED, "08006", "", it.at()));
        assertThat(Oracle.judge(history)).hasToString("INVALID: no transaction of vm2 was acknowledged");
    }

    @Test
    void a_history_that_nobody_has_read_is_invalid() {
        assertThat(Oracle.judge(without(good(), Read.class))).hasToString("INVALID: no copy was read");
    }

    @Test
    void a_history_without_an_end_is_invalid() {
        assertThat(Oracle.judge(without(good(), HistoryEvent.Ended.class))).hasToString("INVALID: it has no end");
    }

    @Test
    void a_history_without_the_rows_in_the_end_is_invalid() {
        assertThat(Oracle.judge(without(good(), HistoryEvent.Canaries.class)))
                .hasToString("INVALID: the rows of vm2 on vm1 were not read in the end");
    }

    @Test
    void a_history_in_which_one_of_the_tables_was_not_read_is_invalid() {
        History history =
                writing(good(), ledger -> ledger.writing(List.of(ledger.tables().get(0), "another")));

        assertThat(Oracle.judge(history)).hasToString("INVALID: the rows of vm2 on vm1 were not read in the end");
    }

    /** vm1 and vm2 write the same table, and vm3 has the rows of both. */
    private static History meeting(String... moreOnVm3) {
        List<TableRow> both = new ArrayList<>(Stream.of(moreOnVm3)
                .map(key -> new TableRow(key, "digest", null))
                .toList());
        good().all(TableRows.class)
                .filter(rows -> rows.node().equals("vm3"))
                .forEach(rows -> both.addAll(withKeysOf(rows.ledger(), rows.rows())));
        return replaced(
                good(),
                TableRows.class,
                it -> true,
                it -> new TableRows(
                        it.node(),
                        it.ledger(),
                        "test",
                        it.view(),
                        it.node().equals("vm3") ? both : withKeysOf(it.ledger(), it.rows())));
    }

    private static List<TableRow> withKeysOf(String writer, List<TableRow> rows) {
        return rows.stream()
                .map(row -> new TableRow(writer + " " + row.key(), row.digest(), row.committed()))
                .toList();
    }

    @Test
    void rows_of_several_writers_may_meet_in_one_table() {
        assertPassed(writing(meeting(), ledger -> ledger.writing(List.of("test"))));
        assertNamed(meeting("nobody's"), Invariant.I2);
    }

    @Test
    void of_several_writers_whose_rows_meet_each_misses_its_own() {
        History history = replaced(
                meeting(),
                TableRows.class,
                it -> it.node().equals("vm3"),
                it -> new TableRows(
                        it.node(),
                        it.ledger(),
                        it.table(),
                        it.view(),
                        it.rows().stream()
                                .filter(row -> !row.key().equals("vm2 1901"))
                                .toList()));

        Judged.assertViolated(
                history, Invariant.I1, "test on vm3 lacks rows, or has old ones: key vm2 1901 is missing");
    }

    @Test
    void a_history_of_which_more_than_a_fifth_of_the_faults_are_void_is_invalid() {
        HistoryEvent voided = new HistoryEvent.Void(3, "CUT vm1 -> vm3", "it was not turned away", 5);
        HistoryEvent injected = new HistoryEvent.Injected(4, "KILL vm1", "it is gone", 5);
        assertThat(Oracle.judge(Recorded.with(good(), voided)))
                .hasToString("INVALID: 1 of 3 faults were void, the first because it was not turned away");
        assertPassed(Recorded.with(good(), voided, injected, injected));
    }
}
