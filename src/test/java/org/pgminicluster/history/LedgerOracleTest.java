package org.pgminicluster.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.pgminicluster.history.Judged.assertInvalid;
import static org.pgminicluster.history.Judged.assertPassed;
import static org.pgminicluster.history.Judged.assertViolated;
import static org.pgminicluster.history.Recorded.acknowledged;
import static org.pgminicluster.history.Recorded.canaries;
import static org.pgminicluster.history.Recorded.copying;
import static org.pgminicluster.history.Recorded.good;
import static org.pgminicluster.history.Recorded.outcome;
import static org.pgminicluster.history.Recorded.replaced;
import static org.pgminicluster.history.Recorded.rows;
import static org.pgminicluster.history.Recorded.with;
import static org.pgminicluster.history.Recorded.without;

import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.pgminicluster.history.HistoryEvent.Canaries;
import org.pgminicluster.history.HistoryEvent.Canary;
import org.pgminicluster.history.HistoryEvent.Copy;
import org.pgminicluster.history.HistoryEvent.FailedOver;
import org.pgminicluster.history.HistoryEvent.Outcome;
import org.pgminicluster.history.HistoryEvent.Settled;
import org.pgminicluster.history.HistoryEvent.TableRow;
import org.pgminicluster.history.HistoryEvent.TableRows;
import org.pgminicluster.history.HistoryEvent.Wrote;

/** What is there in the end, and what somebody is told of it who has not seen the test. */
class LedgerOracleTest {

    private static final String ELSEWHEN = "2026-01-01 00:00:00+00";

    private static TableRow row(int number) {
        return good().all(TableRows.class).findFirst().orElseThrow().rows().get(number);
    }

    private static History firstRow(UnaryOperator<TableRow> change) {
        return rows("vm3", "vm1", rows -> {
            rows.set(0, change.apply(rows.get(0)));
            return rows;
        });
    }

    private static History withoutFirst(int transactions) {
        List<Integer> gone =
                acknowledged().stream().limit(transactions).map(Wrote::op).toList();
        return canaries("vm3", "vm1", rows -> {
            rows.removeIf(row -> gone.contains(row.op()));
            return rows;
        });
    }

    private static String first(int transactions) {
        return acknowledged().stream()
                .limit(transactions)
                .map(wrote -> "transaction " + wrote.op() + " (counter " + wrote.n() + ")")
                .collect(Collectors.joining(", "));
    }

    @Test
    void of_many_that_are_lost_five_are_named_and_the_others_are_counted() {
        String lacks = "n1_canary on vm3 lacks what was acknowledged: ";

        assertViolated(withoutFirst(5), Invariant.I1, lacks + first(5));
        assertViolated(withoutFirst(6), Invariant.I1, lacks + first(5) + " and 1 more");
        assertViolated(withoutFirst(8), Invariant.I1, lacks + first(5) + " and 3 more");
    }

    private static History asCounter(int op, long n) {
        return canaries(
                "vm3",
                "vm1",
                rows -> rows.stream()
                        .map(row -> row.op() == op ? new Canary(n, row.part(), op, row.committed()) : row)
                        .toList());
    }

    @Test
    void a_phantom_is_told_with_what_is_known_of_it() {
        String has = " has what was not written: transaction ";

        assertViolated(
                canaries("vm3", "vm1", rows -> {
                    rows.add(new Canary(900, 1, 901, null));
                    rows.add(new Canary(900, 2, 901, null));
                    return rows;
                }),
                Invariant.I2,
                "n1_canary on vm3" + has + "901 (counter 900, never begun)");
        assertViolated(
                asCounter(7, 99),
                Invariant.I2,
                "n1_canary on vm3" + has + "7 (counter 99, ACKNOWLEDGED with counter 6)");
    }

    @ParameterizedTest
    @EnumSource(names = {"FAILED", "ROLLED_BACK"})
    void what_was_not_committed_is_a_phantom_wherever_it_is(Outcome outcome) {
        String seven = "7 (counter 6, " + outcome + " with counter 6)";

        assertViolated(
                outcome(good(), 7, outcome),
                Invariant.I2,
                Stream.of("vm1", "vm2", "vm3")
                        .map(node -> "n1_canary on " + node + " has what was not written: transaction " + seven)
                        .toArray(String[]::new));
    }

    @Test
    void a_transaction_that_is_there_twice_or_in_part_is_named() {
        Canary fifth =
                good().all(Canaries.class).findFirst().orElseThrow().rows().get(4);

        assertViolated(
                canaries("vm3", "vm1", rows -> {
                    rows.add(fifth);
                    return rows;
                }),
                Invariant.I3,
                "n1_canary on vm3 has more than once: transaction 3");
        assertViolated(
                canaries("vm3", "vm1", rows -> {
                    rows.remove(fifth);
                    return rows;
                }),
                Invariant.I5,
                "n1_canary on vm3 has in part: transaction 3, parts [2]");
    }

    @Test
    void rows_are_named_by_their_keys() {
        assertViolated(
                rows("vm3", "vm1", rows -> {
                    rows.remove(0);
                    return rows;
                }),
                Invariant.I1,
                "test on vm3 lacks rows, or has old ones: key 1901 is missing");
        assertViolated(
                rows("vm3", "vm1", rows -> {
                    rows.add(new TableRow("77", "digest", ELSEWHEN));
                    return rows;
                }),
                Invariant.I2,
                "test on vm3 has rows that vm1 has not: key 77");
    }

    /** A copy need not have the key that keeps a row out which comes again. */
    @Test
    void a_row_that_a_copy_without_a_key_has_twice_was_applied_twice() {
        assertViolated(
                rows("vm3", "vm1", rows -> {
                    rows.add(rows.get(1));
                    return rows;
                }),
                Invariant.I3,
                "test on vm3 has more than once: key 2200");
    }

    @Test
    void another_row_is_old_or_was_written_here_as_its_commit_tells() {
        String earlier = committed(0);
        String onVm1 = ", on vm1 at " + row(0).committed();

        assertViolated(
                firstRow(row -> new TableRow(row.key(), "older", earlier)),
                Invariant.I1,
                "test on vm3 lacks rows, or has old ones: key 1901 was committed at " + earlier + onVm1);
        assertViolated(
                firstRow(row -> new TableRow(row.key(), row.digest(), earlier)),
                Invariant.I1,
                "test on vm3 lacks rows, or has old ones: key 1901 was committed at " + earlier + onVm1);
        assertViolated(
                firstRow(row -> new TableRow(row.key(), row.digest(), ELSEWHEN)),
                Invariant.I6_SEEN,
                "test on vm3 has rows that were written here: key 1901 was committed at " + ELSEWHEN + onVm1);
        assertViolated(
                firstRow(row -> new TableRow(row.key(), "other", ELSEWHEN)),
                Invariant.I6_SEEN,
                "test on vm3 has rows that were written here: key 1901 was committed at " + ELSEWHEN + onVm1);
    }

    /** Somebody who writes on a copy can write the ledger there, too. */
    @Test
    void a_row_was_written_here_though_a_ledger_row_was_so_with_it() {
        History history = canaries(firstRow(row -> new TableRow(row.key(), "other", ELSEWHEN)), "vm3", "vm1", rows -> {
            rows.add(new Canary(900, 1, 900, ELSEWHEN));
            rows.add(new Canary(900, 2, 900, ELSEWHEN));
            return rows;
        });

        assertThat(Oracle.judge(history).violated()).containsExactly(Invariant.I2, Invariant.I6_SEEN);
    }

    private static String committed(int number) {
        return String.valueOf(good().all(Canaries.class)
                .findFirst()
                .orElseThrow()
                .rows()
                .get(number)
                .committed());
    }

    /** Of a row that was copied, or frozen, nobody knows when it was committed. */
    @Test
    void a_row_without_a_commit_time_is_judged_by_what_is_in_it() {
        assertPassed(firstRow(row -> new TableRow(row.key(), row.digest(), null)));
        assertViolated(
                firstRow(row -> new TableRow(row.key(), "older", null)),
                Invariant.I1,
                "test on vm3 lacks rows, or has old ones: key 1901 was committed at null, on vm1 at "
                        + row(0).committed());
        assertPassed(atTheOrigin(row -> new TableRow(row.key(), row.digest(), null)));
    }

    private static History atTheOrigin(UnaryOperator<TableRow> change) {
        return rows("vm1", "vm1", rows -> {
            rows.replaceAll(change);
            return rows;
        });
    }

    @Test
    void a_row_is_old_too_if_another_one_at_the_origin_has_its_commit() {
        TableRow newest = row(3);
        History frozen = replaced(
                firstRow(row -> new TableRow(row.key(), "older", newest.committed())),
                Canaries.class,
                it -> true,
                it -> new Canaries(
                        it.node(),
                        it.ledger(),
                        it.rows().stream()
                                .map(row -> new Canary(row.n(), row.part(), row.op(), null))
                                .toList()));

        assertViolated(
                frozen,
                Invariant.I1,
                "test on vm3 lacks rows, or has old ones: key 1901 was committed at " + newest.committed()
                        + ", on vm1 at " + row(0).committed());
    }

    @Test
    void what_is_still_to_come_is_not_lost() {
        History late = replaced(
                rows("vm3", "vm1", rows -> {
                    rows.remove(0);
                    rows.add(new TableRow("77", "digest", null));
                    return rows;
                }),
                Settled.class,
                it -> true,
                it -> new Settled(false, 30_000, "waited in vain", it.at()));

        assertViolated(late, Invariant.I13, "not equal after 30000 ms of at most 240000 ms: waited in vain");
        assertThat(Oracle.judge(without(late, Settled.class)).violations()).isEmpty();
    }

    /** What filters and column lists leave out differs from copy to copy. */
    @Test
    void a_copy_is_compared_with_what_it_can_have() {
        TableRows narrow = new TableRows("vm1", "vm1", "test", "id", List.of(new TableRow("1901", "narrow", null)));
        TableRows onVm3 = new TableRows("vm3", "vm1", "test", "id", narrow.rows());
        History history = replaced(
                good(),
                TableRows.class,
                it -> it.node().equals("vm3") && it.ledger().equals("vm1"),
                it -> onVm3);

        assertPassed(with(history, narrow));
        assertPassed(with(good(), narrow));
    }

    private static TableRows ofVm2(String node, String table, String key) {
        return new TableRows(node, "vm2", table, "id, name", List.of(new TableRow(key, "digest", null)));
    }

    private static History withOnVm3(String key) {
        return rows("vm3", "vm1", rows -> {
            rows.add(new TableRow(key, "digest", null));
            return rows;
        });
    }

    @Test
    void rows_of_another_writer_are_no_phantoms_where_they_arrive_by_that_name() {
        String phantom = "test on vm3 has rows that vm1 has not: key vm2 1";

        assertPassed(with(withOnVm3("vm2 1"), ofVm2("vm2", "test", "vm2 1")));
        assertViolated(with(withOnVm3("vm2 1"), ofVm2("vm2", "test3", "vm2 1")), Invariant.I2, phantom);
        assertViolated(with(withOnVm3("vm2 1"), ofVm2("vm1", "test", "vm2 1")), Invariant.I2, phantom);
        assertViolated(
                copying(
                        with(withOnVm3("vm2 1"), ofVm2("vm2", "test", "vm2 1")),
                        copy -> copy.ledger().equals("vm2") ? new Copy("vm1", "vm2", true) : copy),
                Invariant.I2,
                phantom);
    }

    @Test
    void of_a_node_that_was_failed_over_from_rows_are_not_judged_in_none_of_its_databases() {
        History phantom = withOnVm3("77");
        FailedOver gone = new FailedOver("vm3", "vm4", false, 1, 9);

        assertThat(Oracle.judge(phantom).violated()).containsExactly(Invariant.I2);
        assertPassed(with(phantom, gone));
        assertPassed(with(elsewhere(phantom), gone));
        assertViolated(elsewhere(phantom), Invariant.I2, "test on vm3/log has rows that vm1 has not: key 77");
        assertViolated(
                with(phantom, new FailedOver("vm", "vm4", false, 1, 9)),
                Invariant.I2,
                "test on vm3 has rows that vm1 has not: key 77");
    }

    /** The same where all that was on vm3 is in another database there. */
    private static History elsewhere(History history) {
        return copying(
                replaced(
                        replaced(
                                history,
                                TableRows.class,
                                it -> it.node().equals("vm3"),
                                it -> new TableRows("vm3/log", it.ledger(), it.table(), it.view(), it.rows())),
                        Canaries.class,
                        it -> it.node().equals("vm3"),
                        it -> new Canaries("vm3/log", it.ledger(), it.rows())),
                copy -> copy.node().equals("vm3") ? new Copy("vm3/log", copy.ledger(), copy.durable()) : copy);
    }

    @ParameterizedTest
    @CsvSource({"vm1, vm2", "vm2, vm1", "vm3, vm1", "vm3, vm2"})
    void what_was_not_read_of_a_copy_is_not_made_up_for_by_what_was_read_of_others(String node, String ledger) {
        String unread = "the rows of " + ledger + " on " + node + " were not read in the end";

        assertInvalid(withoutRead(node, ledger, null), unread);
        assertInvalid(withoutRead(node, ledger, ledger.equals("vm1") ? "test" : "test2"), unread);
    }

    /** @param table which was not read, or null if the canary table was not */
    private static History withoutRead(String node, String ledger, @Nullable String table) {
        return new History(good().events().stream()
                .filter(event -> table == null
                        ? !(event instanceof Canaries canaries
                                && canaries.node().equals(node)
                                && canaries.ledger().equals(ledger))
                        : !(event instanceof TableRows rows
                                && rows.node().equals(node)
                                && rows.ledger().equals(ledger)
                                && rows.table().equals(table)))
                .toList());
    }
}
