package org.pgminicluster.standby;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.pgminicluster.state.Lsn;

/**
 * Every order of a few steps in the life of a pair, with a failover after each: by today's rules it is refused or nothing
 * is lost and nothing twice; without one of them something is. docs/failover.md says what the rules are.
 */
class FailoverModelTest {

    private static final int STEPS = 8;

    private record Reached(FailoverModel model, List<String> done) {}

    /** Today's rules with one of them taken out. */
    private record Without(Predicate<String> forgotten, boolean noPositionIsZero, boolean takesDisabled)
            implements FailoverModel.Rules {
        @Override
        public List<String> obstacles(FailoverFacts facts) {
            return FailoverModel.TODAYS.obstacles(facts).stream()
                    .filter(forgotten.negate())
                    .toList();
        }

        @Override
        public Optional<Lsn> reached(Followed standbys, Lsn known) {
            return noPositionIsZero ? Optional.of(standbys.applied()) : FailoverModel.TODAYS.reached(standbys, known);
        }
    }

    /** The first failover in the shortest of all orders that does harm. */
    private static Optional<String> harm(FailoverModel start, FailoverModel.Rules rules) {
        Set<Object> seen = new HashSet<>();
        Deque<Reached> left = new ArrayDeque<>(List.of(new Reached(start, List.of())));
        while (!left.isEmpty()) {
            Reached reached = left.remove();
            Optional<String> harm = reached.model().harmOfFailover(rules);
            if (harm.isPresent()) {
                return Optional.of(String.join(", ", reached.done()) + ": " + harm.get());
            }
            if (reached.done().size() < STEPS) {
                reached.model().steps(reached.done()).forEach((step, next) -> {
                    List<String> done = new ArrayList<>(reached.done());
                    done.add(step);
                    // How often a step was taken limits what may come, so it is a part of where one is.
                    if (seen.add(List.of(next, done.stream().sorted().toList()))) {
                        left.add(new Reached(next, List.copyOf(done)));
                    }
                });
            }
        }
        return Optional.empty();
    }

    @Test
    void by_todays_rules_no_failover_loses_a_row_or_has_one_twice() {
        assertThat(harm(FailoverModel.streaming(), FailoverModel.TODAYS)).isEmpty();
        assertThat(harm(FailoverModel.unpublished(), FailoverModel.TODAYS)).isEmpty();
        assertThat(harm(FailoverModel.unsubscribed(), FailoverModel.TODAYS)).isEmpty();
    }

    @Test
    void a_disabled_subscription_that_is_left_out_loses_rows() {
        assertThat(harm(
                        FailoverModel.streaming(),
                        new Without(obstacle -> obstacle.contains("disabled"), false, false)))
                .hasValueSatisfying(harm -> assertThat(harm).contains("disable", ": lost"));
    }

    @Test
    void an_origin_without_a_position_that_counts_as_zero_has_rows_twice() {
        assertThat(harm(FailoverModel.streaming(), new Without(obstacle -> false, true, true)))
                .hasValueSatisfying(harm -> assertThat(harm).contains(": twice"));
    }

    @Test
    void a_table_that_nobody_has_compared_with_what_is_published_is_lost() {
        assertThat(harm(
                        FailoverModel.unpublished(),
                        new Without(obstacle -> obstacle.startsWith("table"), false, true)))
                .hasValueSatisfying(harm -> assertThat(harm).contains("add table, refresh", ": lost"));
    }

    @Test
    void a_slot_that_nobody_claims_and_nobody_has_asked_about_loses_rows() {
        assertThat(harm(
                        FailoverModel.unsubscribed(),
                        new Without(
                                obstacle -> obstacle.contains("is not on") || obstacle.startsWith("slot"),
                                false,
                                true)))
                .hasValueSatisfying(harm -> assertThat(harm).contains("create", ": lost"));
    }
}
