package org.pgminicluster.history;

import static org.pgminicluster.history.Judged.assertPassed;
import static org.pgminicluster.history.Judged.assertViolated;
import static org.pgminicluster.history.Recorded.good;
import static org.pgminicluster.history.Recorded.lastRead;
import static org.pgminicluster.history.Recorded.lookedAgain;
import static org.pgminicluster.history.Recorded.replaced;
import static org.pgminicluster.history.Recorded.with;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.pgminicluster.history.HistoryEvent.Confirmed;
import org.pgminicluster.history.HistoryEvent.Outcome;
import org.pgminicluster.history.HistoryEvent.Promoted;
import org.pgminicluster.history.HistoryEvent.Read;
import org.pgminicluster.history.HistoryEvent.Tried;
import org.pgminicluster.history.HistoryEvent.Wrote;

/** What was seen while a history went on, and what somebody is told of it who has not seen the test. */
class ReadOracleTest {

    /** vm3 was looked at last when it had 22 transactions of vm1, at 1310 ms. */
    private static Read look(long n, long transactions, long last, long pairs, long rows) {
        Read read = lastRead();
        return new Read(
                read.node(),
                read.ledger(),
                n,
                transactions,
                last,
                pairs,
                rows,
                read.applied(),
                read.started(),
                read.source(),
                read.at() + 1);
    }

    @Test
    void a_look_that_no_prefix_of_commits_explains_is_told_in_numbers() {
        assertViolated(
                lookedAgain(look(22, 22, 22, 44, 45)),
                Invariant.I3,
                "n1_canary on vm3 had 45 rows, of which 44 were different, at 1311 ms");
        assertViolated(
                lookedAgain(look(22, 22, 22, 43, 43)),
                Invariant.I5,
                "n1_canary on vm3 had 43 rows of 22 transactions at 1311 ms");
        assertViolated(
                lookedAgain(look(23, 22, 22, 44, 44)),
                Invariant.I4,
                "n1_seq on vm3 was 23 with 22 transactions up to 22 at 1311 ms");
        assertViolated(
                lookedAgain(look(22, 22, 23, 44, 44)),
                Invariant.I4,
                "n1_seq on vm3 was 22 with 22 transactions up to 23 at 1311 ms");
    }

    @Test
    void the_very_first_look_counts_like_any_other() {
        History history = replaced(
                good(),
                Read.class,
                it -> it.node().equals("vm3") && it.ledger().equals("vm1") && it.at() == 54,
                it -> new Read("vm3", "vm1", 0, 0, 0, 0, 1, "0/0", it.started(), it.source(), 54));

        assertViolated(history, Invariant.I3, "n1_canary on vm3 had 1 rows, of which 0 were different, at 54 ms");
    }

    @Test
    void what_fell_is_told_from_where_and_to_where() {
        assertViolated(
                lookedAgain(look(21, 21, 21, 42, 42)), Invariant.I11, "n1_seq on vm3 fell from 22 to 21 at 1311 ms");
        assertViolated(
                lookedAgain(Recorded.saw(22, "0/1", lastRead().started())),
                Invariant.I10,
                "the origin behind n1_seq on vm3 fell from 0/2050F38 to \"0/1\" at 1311 ms");
    }

    private static Tried tried(String node, String sqlState, int at) {
        return new Tried(node, "vm1", "test", Plan.Attempt.DELETE, sqlState, at);
    }

    @Test
    void a_write_that_nothing_kept_out_is_told_with_what_came_of_it() {
        assertViolated(
                with(good(), tried("vm2", "00000", 7), tried("vm3", "23505", 9)),
                Invariant.I6,
                "DELETE on test on vm2 at 7 ms was carried out",
                "DELETE on test on vm3 at 9 ms was refused with 23505 instead of 25006");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "08006", "57P01", "40001", "55P03", "53300"})
    void of_a_server_that_is_going_or_gone_nobody_learns_anything_of_its_guard(String sqlState) {
        assertPassed(with(good(), tried("vm3", sqlState, 9)));
    }

    @Test
    void of_one_kind_three_are_told_and_no_room_is_taken_from_others() {
        Promoted early = new Promoted("vm4", "vm1", "vm3_test_sub", "0/2049678", 0, 9);

        assertViolated(
                with(
                        good(),
                        Stream.concat(IntStream.range(1, 6).mapToObj(at -> tried("vm3", "00000", at)), Stream.of(early))
                                .toArray(HistoryEvent[]::new)),
                new Violation(Invariant.I6, "DELETE on test on vm3 at 1 ms was carried out"),
                new Violation(Invariant.I6, "DELETE on test on vm3 at 2 ms was carried out"),
                new Violation(Invariant.I6, "DELETE on test on vm3 at 3 ms was carried out"),
                new Violation(
                        Invariant.I12,
                        "slot vm3_test_sub had confirmed 0/2049678, and with it counter 1, but vm4 had 0 when it was"
                                + " promoted"));
    }

    private static History promoted(String ledger, String confirmed, long n, HistoryEvent... more) {
        return with(with(good(), more), new Promoted("vm4", ledger, "vm3_test_sub", confirmed, n, 9));
    }

    private static Wrote wrote(long n, Outcome outcome, String lsn) {
        return new Wrote("late", (int) n, n, outcome, "", lsn, n);
    }

    /** A writer asks for the position after its commit, when another commit may have come already. */
    @Test
    void a_commit_counts_as_confirmed_though_the_one_before_it_has_a_later_position() {
        Wrote[] writes = {
            wrote(1, Outcome.ACKNOWLEDGED, "0/100"),
            wrote(2, Outcome.ACKNOWLEDGED, "0/300"),
            wrote(3, Outcome.ACKNOWLEDGED, "0/200"),
            wrote(4, Outcome.UNKNOWN, "0/200"),
            wrote(5, Outcome.ACKNOWLEDGED, "")
        };

        assertPassed(promoted("late", "0/FF", 0, writes));
        assertPassed(promoted("late", "0/199", 1, writes));
        assertPassed(promoted("late", "0/300", 3, writes));
        assertPassed(promoted("another", "0/300", 0, writes));
        for (String confirmed : List.of("0/200", "0/300", "1/0")) {
            assertViolated(
                    promoted("late", confirmed, 2, writes),
                    Invariant.I12,
                    "slot vm3_test_sub had confirmed " + confirmed
                            + ", and with it counter 3, but vm4 had 2 when it was promoted");
        }
    }

    private static History confirmed(String node, String ledger, String lsn, long at) {
        return with(good(), new Confirmed(node, ledger, "vm3_test_sub", lsn, at));
    }

    /** vm3 had 7 at 378 ms, was killed, and had 16 at 776 ms. */
    @Test
    void what_was_confirmed_is_looked_for_in_the_first_look_after_the_crash() {
        String sixteenth = "0/204F3F8";
        String seventeenth = "0/204FD38";

        assertPassed(confirmed("vm3", "vm1", sixteenth, 378));
        assertViolated(
                confirmed("vm3", "vm1", seventeenth, 378),
                Invariant.I7,
                "slot vm3_test_sub had confirmed 0/204FD38, and with it counter 17, but after the restart vm3 had 16");
        assertPassed(confirmed("vm3", "vm1", seventeenth, 776));
        assertPassed(confirmed("vm3", "vm1", seventeenth, 1310));
        assertPassed(confirmed("nowhere", "vm1", seventeenth, 378));
    }
}
