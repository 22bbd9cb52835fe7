package org.pgminicluster.history;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.pgminicluster.history.HistoryEvent.Outcome;
import org.pgminicluster.history.HistoryEvent.Wrote;

class TallyTest {

    private final Plan plan = Plan.parse(Recorded.lines("good-plan.jsonl"));
    private final Tally tally = new Tally();

    @Test
    void of_nothing_all_was_never_reached() {
        assertThat(tally.neverReached()).contains("KILL", "SLOW", "failovers", "forbidden writes refused");
        assertThat(tally.toString())
                .startsWith("histories: 0\ntransactions: 0 acknowledged, 0 rolled back, 0 failed, 0 unknown")
                .contains("\nfaults proven: none\n");
    }

    @Test
    void proven_faults_are_counted_by_their_kind() {
        History good = Recorded.good();
        long proven = good.all(HistoryEvent.Injected.class).count();

        tally.add(plan, good);

        assertThat(proven).isPositive();
        assertThat(tally.toString())
                .startsWith("histories: 1\n")
                .contains("\nfaults proven: " + firstFault())
                .doesNotContain("faults proven: none");
        assertThat(tally.neverReached())
                .doesNotContain(plan.faults().get(0).faultKind().toString());
    }

    private String firstFault() {
        Plan.FaultKind first = plan.faults().stream()
                .map(Plan.PlannedFault::faultKind)
                .sorted()
                .findFirst()
                .orElseThrow();
        return plan.faults().stream()
                        .filter(fault -> fault.faultKind() == first)
                        .count()
                + " " + first;
    }

    @Test
    void an_unknown_commit_was_carried_out_if_its_rows_are_there() {
        History unknown = Recorded.replaced(
                Recorded.good(),
                Wrote.class,
                wrote -> wrote.outcome() == Outcome.ACKNOWLEDGED && wrote.op() == 1,
                wrote -> new Wrote(
                        wrote.source(), wrote.op(), wrote.n(), Outcome.UNKNOWN, "08006", wrote.lsn(), wrote.at()));
        History andOneThatWasNot =
                Recorded.with(unknown, new Wrote(Source.N1, 9999, 0, Outcome.UNKNOWN, "08006", "", 1));

        tally.add(plan, unknown);
        assertThat(tally.neverReached())
                .contains("an unknown commit that was not")
                .doesNotContain("an unknown commit that was carried out");

        tally.add(plan, andOneThatWasNot);
        assertThat(tally.neverReached())
                .doesNotContain("an unknown commit that was not", "an unknown commit that was carried out");
    }
}
