package org.pgminicluster.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.pgminicluster.history.Plan.Attempt;
import org.pgminicluster.history.Plan.Change;
import org.pgminicluster.history.Plan.ForbiddenWrite;
import org.pgminicluster.history.Plan.Write;

/**
 * The oracle on real servers that have one thing wrong: each must turn the run red. What does not is a guard that nobody
 * needs, or an oracle that is blind.
 */
class MutantsIT {

    private static final Duration HEAL = Duration.ofSeconds(10);

    /** As many transactions of each publisher; the changes in turn. */
    private static Plan plan(int transactions, Change... changes) {
        List<Write> writes = Arrays.stream(Source.values())
                .flatMap(source -> Stream.iterate(1, op -> op <= transactions, op -> op + 1)
                        .map(op -> new Write(source, op, changes[op % changes.length], 2)))
                .collect(Collectors.toList());
        return new Plan(0, Profile.CALM, writes, List.of(), List.of());
    }

    private static Verdict verdict(HistoryTopology topology, Plan plan, String name) {
        return Oracle.judge(HistoryRunner.on(topology, HEAL).runOn(plan, name).history());
    }

    @Test
    void without_a_mutation_the_run_is_green() {
        Plan plan = plan(15, Change.CANARY_ONLY, Change.INSERT)
                .withForbidden(List.of(new ForbiddenWrite("vm3", Source.N1, Attempt.INSERT, 5)));

        assertThat(verdict(HistoryTopology.of(Profile.CALM), plan, "mutant-none"))
                .hasToString("PASSED");
    }

    @Test
    void without_guard_triggers_forbidden_writes_are_carried_out_and_seen() {
        Plan plan = plan(15, Change.INSERT)
                .withForbidden(List.of(
                        new ForbiddenWrite("vm3", Source.N1, Attempt.INSERT, 5),
                        new ForbiddenWrite("vm2", Source.N1, Attempt.UPDATE, 10)));

        Verdict verdict = verdict(HistoryTopology.of(Profile.CALM).withoutGuards(), plan, "mutant-no-guard");

        assertThat(verdict.violated())
                .as(verdict.toString())
                .containsExactly(Invariant.I2, Invariant.I6, Invariant.I6_SEEN);
    }

    @Test
    void with_both_publications_for_all_tables_rows_are_applied_twice() {
        Plan plan = plan(15, Change.CANARY_ONLY);

        Verdict verdict = verdict(HistoryTopology.of(Profile.CALM).withAllTables(), plan, "mutant-all-tables");

        assertThat(verdict.violated()).as(verdict.toString()).contains(Invariant.I3);
    }
}
