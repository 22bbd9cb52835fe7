package org.pgminicluster.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.pgminicluster.history.HistoryEvent.Begun;
import org.pgminicluster.history.HistoryEvent.Canaries;
import org.pgminicluster.history.HistoryEvent.Canary;
import org.pgminicluster.history.HistoryEvent.FailedOver;
import org.pgminicluster.history.HistoryEvent.Injected;
import org.pgminicluster.history.HistoryEvent.Outcome;
import org.pgminicluster.history.HistoryEvent.Read;
import org.pgminicluster.history.HistoryEvent.Refused;
import org.pgminicluster.history.HistoryEvent.Tried;
import org.pgminicluster.history.HistoryEvent.Wrote;
import org.pgminicluster.history.Plan.ActKind;
import org.pgminicluster.history.Plan.FaultKind;
import org.pgminicluster.history.Plan.How;
import org.pgminicluster.history.Plan.PlannedAct;
import org.pgminicluster.history.Plan.PlannedFailover;
import org.pgminicluster.history.Plan.PlannedFault;

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
                        wrote.ledger(), wrote.op(), wrote.n(), Outcome.UNKNOWN, "08006", wrote.lsn(), wrote.at()));
        History andOneThatWasNot = Recorded.with(unknown, new Wrote("vm1", 9999, 0, Outcome.UNKNOWN, "08006", "", 1));

        tally.add(plan, unknown);
        assertThat(tally.neverReached())
                .contains("an unknown commit that was not")
                .doesNotContain("an unknown commit that was carried out");

        tally.add(plan, andOneThatWasNot);
        assertThat(tally.neverReached())
                .doesNotContain("an unknown commit that was not", "an unknown commit that was carried out");
    }

    @Test
    void acts_and_the_courses_of_failovers_are_counted() {
        Plan acting = plan.withActs(List.of(
                        new PlannedAct(101, ActKind.RESEED, "vm3", "vm3_test_sub", "", "vm1", 5, false),
                        new PlannedAct(102, ActKind.DISABLE, "vm3", "vm3_test_sub", "", "vm1", 6, false)))
                .withFailover(new PlannedFailover(How.KILL, "vm3", "vm4", "vm1", 9, 100, "vm1", 3, true));

        tally.add(
                acting,
                Recorded.with(
                        Recorded.good(),
                        new HistoryEvent.Injected(101, "RESEED", "all rows are copied again", 5),
                        new HistoryEvent.Void(102, "DISABLE", "vm3 is down", 6),
                        new Refused("vm3", "vm4", "too early", 7),
                        new FailedOver("vm3", "vm4", true, 1, 8),
                        new FailedOver("vm4", "vm3", false, 1, 9)));

        assertThat(tally.toString())
                .contains(
                        "\nacts done: 1 RESEED\n",
                        "1 planned switch-overs",
                        "1 failovers in which a publisher dies",
                        "1 failovers back",
                        "1 failovers refused",
                        "2 failovers");
        assertThat(tally.neverReached())
                .contains("DISABLE", "ADD_TABLE", Tally.DATABASE, Tally.STANDBY, Tally.KEYLESS)
                .doesNotContain("RESEED", "planned switch-overs", "failovers back", "failovers refused");
    }

    private static Wrote wrote(int op, Outcome outcome) {
        return new Wrote("vm1", op, op, outcome, "", "", op);
    }

    private static Tried tried(String sqlState) {
        return new Tried("vm3", "vm1", "test", Plan.Attempt.INSERT, sqlState, 1);
    }

    private static Read saw(String ledger, long n) {
        return new Read("vm3", ledger, n, n, n, 2 * n, 2 * n, "", "", "1", 1);
    }

    @Test
    void all_is_told_in_numbers() {
        Plan faults = new Plan(
                1,
                Profile.CALM,
                List.of(),
                List.of(),
                List.of(
                        new PlannedFault(1, FaultKind.KILL, "vm3", "", "vm1", 1, 100, false),
                        new PlannedFault(2, FaultKind.CUT, "vm1", "vm3", "vm1", 1, 100, false)),
                List.of(),
                null);
        History history = new History(List.of(
                new Begun(
                        1,
                        Profile.CALM,
                        "homework",
                        "13",
                        1,
                        1,
                        List.of(),
                        List.of(),
                        List.of(),
                        List.of(Tally.KEYLESS)),
                new Injected(1, "KILL", "it is gone", 1),
                new HistoryEvent.Void(2, "CUT", "vm3 is down", 1),
                wrote(1, Outcome.ACKNOWLEDGED),
                wrote(2, Outcome.UNKNOWN),
                wrote(3, Outcome.UNKNOWN),
                wrote(4, Outcome.UNKNOWN),
                tried(""),
                tried("00000"),
                tried("25006"),
                saw("vm1", 5),
                saw("vm2", 9),
                saw("vm1", 4),
                saw("vm1", 4),
                saw("vm2", 10),
                new Canaries("vm1", "vm1", List.of(new Canary(1, 1, 1, null), new Canary(2, 1, 2, null)))));

        tally.add(faults, history);

        assertThat(tally.toString())
                .startsWith("histories: 1"
                        + "\ntransactions: 1 acknowledged, 0 rolled back, 0 failed, 3 unknown, of which 1 were carried out"
                        + "\nfaults proven: 1 KILL"
                        + "\nacts done: none"
                        + "\nseen: 1 a table without a key, 0 planned switch-overs,"
                        + " 0 failovers in which a publisher dies, 0 failovers back, 0 failovers refused,"
                        + " 1 faults that could not be proven, 1 forbidden writes refused, 5 looks at copies,"
                        + " 1 looks that saw less than the one before, 0 failovers"
                        + "\nnever reached: STOP_FAST, STOP_IMMEDIATE, PAUSE, PAUSE_THEN_KILL, ISOLATE, CUT, STALL,");
        assertThat(tally.neverReached())
                .doesNotContain("KILL", "forbidden writes refused", "looks that saw less than the one before");
    }

    private static PlannedFailover failover(String killed) {
        return new PlannedFailover(How.SWITCH_OVER, "vm3", "vm4", "vm1", 1, 0, killed, 1, false);
    }

    private static Plan empty() {
        return new Plan(1, Profile.CALM, List.of(), List.of(), List.of(), List.of(), null);
    }

    @Test
    void a_publisher_has_died_in_a_failover_if_that_was_planned_and_there_was_one() {
        History one = new History(List.of(new FailedOver("vm3", "vm4", false, 1, 8)));
        String died = "failovers in which a publisher dies";

        tally.add(empty(), one);
        tally.add(empty().withFailover(failover("")), one);
        tally.add(empty().withFailover(failover("vm1")), new History(List.of()));
        assertThat(tally.toString()).contains(" 0 " + died + ", 0 failovers back,");
        assertThat(tally.neverReached()).contains(died, "failovers back").doesNotContain("failovers");

        tally.add(empty().withFailover(failover("vm1")), one);
        assertThat(tally.toString()).contains(" 1 " + died + ",");
        assertThat(tally.neverReached()).doesNotContain(died);
    }

    @Test
    void an_unknown_commit_is_there_if_its_own_ledger_has_it() {
        tally.add(
                empty(),
                new History(List.of(
                        wrote(1, Outcome.UNKNOWN), new Canaries("vm2", "vm2", List.of(new Canary(1, 1, 1, null))))));

        assertThat(tally.toString()).contains("1 unknown, of which 0 were carried out");
        assertThat(tally.neverReached())
                .contains("an unknown commit that was carried out")
                .doesNotContain("an unknown commit that was not");
    }

    @Test
    void looks_are_compared_with_those_at_the_same_copy() {
        Read elsewhere = new Read("vm2", "vm1", 1, 1, 1, 2, 2, "", "", "1", 2);

        tally.add(empty(), new History(List.of(saw("vm1", 5), elsewhere, saw("vm2", 3), saw("vm1", 5))));

        assertThat(tally.toString()).contains("4 looks at copies, 0 looks that saw less than the one before");
    }

    @Test
    void when_all_was_reached_nothing_is_left() {
        List<PlannedFault> faults = new ArrayList<>();
        List<PlannedAct> acts = new ArrayList<>();
        List<HistoryEvent> events = new ArrayList<>();
        for (FaultKind kind : FaultKind.values()) {
            faults.add(new PlannedFault(faults.size(), kind, "vm1", "", "vm1", 1, 100, false));
            events.add(new Injected(faults.size() - 1, kind.toString(), "seen", 1));
        }
        for (ActKind kind : ActKind.values()) {
            acts.add(new PlannedAct(100 + acts.size(), kind, "vm3", "sub", "", "vm1", 1, false));
            events.add(new Injected(99 + acts.size(), kind.toString(), "done", 1));
        }
        events.addAll(List.of(
                new Begun(
                        1,
                        Profile.CALM,
                        "all",
                        "13",
                        1,
                        1,
                        List.of(),
                        List.of(),
                        List.of(),
                        List.of(Tally.DATABASE, Tally.STANDBY, Tally.KEYLESS)),
                wrote(1, Outcome.UNKNOWN),
                wrote(2, Outcome.UNKNOWN),
                new Canaries("vm1", "vm1", List.of(new Canary(1, 1, 1, null))),
                tried("25006"),
                saw("vm1", 2),
                saw("vm1", 1),
                new Refused("vm3", "vm4", "too early", 7),
                new FailedOver("vm3", "vm4", true, 1, 8),
                new FailedOver("vm4", "vm3", false, 1, 9)));

        tally.add(empty().withFaults(faults).withActs(acts).withFailover(failover("vm1")), new History(events));

        assertThat(tally.neverReached()).isEmpty();
        assertThat(tally.toString())
                .contains("\nacts done: 1 RESEED, 1 ADD_TABLE, 1 DROP_TABLE, 1 DISABLE, 1 ENABLE, 1 ALTER_OPTION,")
                .endsWith("\nnever reached: nothing");
    }
}
