package org.pgminicluster.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ShrinkerTest {

    private static final Plan PLAN = HomeworkVariant.plan(3, Profile.FAULTS);

    @Test
    void the_few_items_that_matter_are_found_among_many() {
        List<Integer> all = IntStream.range(0, 100).boxed().toList();

        assertThat(Ddmin.minimise(all, items -> items.containsAll(Set.of(3, 40, 41, 99))))
                .containsExactly(3, 40, 41, 99);
        assertThat(Ddmin.minimise(all, items -> items.contains(0))).containsExactly(0);
        assertThat(Ddmin.minimise(all, items -> true)).isEmpty();
        assertThat(Ddmin.minimise(all, items -> items.size() == 100)).isEqualTo(all);
        assertThat(Ddmin.minimise(List.of(), items -> true)).isEmpty();
    }

    @Test
    void it_does_not_try_without_end() {
        AtomicInteger tries = new AtomicInteger();
        List<Integer> all = IntStream.range(0, 256).boxed().toList();

        Ddmin.minimise(all, items -> {
            tries.incrementAndGet();
            return items.contains(77);
        });

        assertThat(tries).hasValueLessThan(40);
    }

    @Test
    void faults_writes_and_durations_are_left_out_when_they_do_not_matter() {
        int fault = PLAN.faults().get(2).id();
        Predicate<Plan> fails = plan -> plan.faults().stream()
                        .anyMatch(it -> it.id() == fault && it.lastsMillis() >= 100)
                && plan.writes().stream().anyMatch(write -> write.ledger().equals("vm2") && write.op() == 50);

        Plan shortest = new Shrinker(fails).shrink(PLAN);

        assertThat(shortest.faults()).hasSize(1);
        assertThat(shortest.faults().get(0).id()).isEqualTo(fault);
        assertThat(shortest.faults().get(0).lastsMillis()).isBetween(100, 199);
        assertThat(shortest.writes().stream().map(Plan.Write::op).collect(Collectors.toList()))
                .containsExactly(50);
        assertThat(shortest.forbidden()).isEmpty();
        assertThat(shortest.acts()).isEmpty();
        assertThat(shortest.seed()).isEqualTo(PLAN.seed());
    }

    @Test
    void an_act_that_matters_is_left() {
        Plan plan = HomeworkVariant.plan(2, Profile.STANDBY);
        Plan.PlannedAct last = plan.acts().get(plan.acts().size() - 1);

        assertThat(new Shrinker(shorter -> shorter.acts().contains(last))
                        .shrink(plan)
                        .acts())
                .containsExactly(last);
    }

    @Test
    void what_needs_no_fault_ends_without_one() {
        Plan shortest = new Shrinker(plan -> !plan.writes().isEmpty()).shrink(PLAN);

        assertThat(shortest.faults()).isEmpty();
        assertThat(shortest.writes()).hasSize(1);
    }

    @Test
    void a_plan_that_fails_only_as_a_whole_stays_as_it_is() {
        assertThat(new Shrinker(PLAN::equals).shrink(PLAN)).isEqualTo(PLAN);
    }
}
