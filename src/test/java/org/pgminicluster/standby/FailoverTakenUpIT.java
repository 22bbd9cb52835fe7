package org.pgminicluster.standby;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.pgminicluster.assertj.MiniClusterAssertions.assertThat;

import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.pgminicluster.MiniClusterException;
import org.pgminicluster.cluster.MiniCluster;
import org.pgminicluster.cluster.Node;
import org.pgminicluster.fault.Fault;
import org.pgminicluster.journal.Entry;
import org.pgminicluster.journal.Event;
import org.pgminicluster.journal.FaultKind;
import org.pgminicluster.journal.WaitKind;
import org.pgminicluster.junit.RequiresStandbys;
import org.pgminicluster.topology.HomeworkTopology;

/**
 * A guarded failover in which a server dies at one of its steps: it is finished all the same, or it says that it has stopped
 * and the same call finishes it when that server is back. Nothing is lost.
 */
@RequiresStandbys
class FailoverTakenUpIT {

    private static final boolean ALL = Boolean.getBoolean("minicluster.pairs.all");

    private enum Step {
        PROMOTED(fault(FaultKind.PROMOTE)),
        DISABLED(sql(" DISABLE")),
        CONNECTED(sql(" CONNECTION ")),
        LED_TO_THE_SLOT(sql(" SET (slot_name")),
        STOPPED(fault(FaultKind.STOP)),
        STARTED(fault(FaultKind.START)),
        ENABLED(sql(" ENABLE"));

        private final Predicate<Entry> mark;

        Step(Predicate<Entry> mark) {
            this.mark = mark;
        }

        private static Predicate<Entry> fault(FaultKind kind) {
            return entry ->
                    entry.event() instanceof Event.Fault fault && fault.facts().kind() == kind;
        }

        private static Predicate<Entry> sql(String part) {
            return entry -> entry.event() instanceof Event.Sql sql && sql.sql().contains(part);
        }
    }

    /** At each step one of them dies, in turn; with the property that pairs of faults have, each of them. */
    static Stream<Arguments> deaths() {
        List<String> victims = List.of("vm1", "vm4", "vm2");
        return Stream.of(Step.values())
                .flatMap(step -> ALL
                        ? victims.stream().map(victim -> Arguments.of(step, victim))
                        : Stream.of(Arguments.of(step, victims.get(step.ordinal() % victims.size()))));
    }

    @ParameterizedTest
    @MethodSource("deaths")
    void a_failover_is_finished_after_a_server_has_died_at_any_step(Step step, String victim) {
        try (MiniCluster cluster = MiniCluster.of(HomeworkTopology.withGuardedStandby())
                .name("FailoverTakenUpIT-" + step + "-" + victim)
                .start()) {
            Node vm3 = cluster.node("vm3");
            Node vm4 = cluster.node("vm4");
            Fault behind = cluster.faults().cut(vm3, vm4);
            cluster.node("vm1").execute("INSERT INTO test SELECT i, 'vm4 lags' FROM generate_series(1, 20) AS i");
            cluster.node("vm2").execute("INSERT INTO test2 SELECT i, 'vm4 lags' FROM generate_series(1, 20) AS i");
            cluster.awaitReplicated(vm3, "vm3_test_sub");
            cluster.awaitReplicated(vm3, "vm3_test2_sub");
            vm3.kill();
            AtomicBoolean died = at(cluster, step, () -> cluster.node(victim).kill());

            @Nullable Throwable stopped = catchThrowable(() -> cluster.failOver("vm3", "vm4"));

            assertThat(died).as("the step was there").isTrue();
            if (stopped != null) {
                assertThat(stopped)
                        .isInstanceOf(MiniClusterException.class)
                        .hasMessageStartingWith("the failover from vm3 to vm4 has stopped in its middle, and vm4 is no"
                                + " standby any more or will be none soon; put right what stopped it and say"
                                + " failOver(\"vm3\", \"vm4\") again, which goes on from there: ");
                assertThatThrownBy(() -> cluster.standbys().rejoin(vm3))
                        .hasMessage("expected the failover from vm3 to vm4 to be finished when vm3 rejoins, but it has"
                                + " stopped in its middle; say failOver(\"vm3\", \"vm4\") again first");
            }
            if (!cluster.node(victim).isRunning()) {
                if (stopped != null) {
                    assertThatThrownBy(() -> cluster.failOver("vm3", "vm4"))
                            .hasMessage(
                                    "expected " + victim + " to be running when the failover from vm3 to vm4 goes on,"
                                            + " but was down; start() it first");
                }
                cluster.node(victim).start();
            }
            if (stopped != null) {
                assertThat(cluster.failOver("vm3", "vm4").subscriptions())
                        .containsExactlyInAnyOrder("vm3_test_sub", "vm3_test2_sub");
            }
            behind.heal();
            cluster.node("vm1").execute("INSERT INTO test VALUES (100, 'after')");
            cluster.node("vm2").execute("INSERT INTO test2 VALUES (100, 'after')");
            assertThat(cluster).table("test").convergesOn("vm1", "vm2", "vm4");
            assertThat(cluster).table("test2").convergesOn("vm2", "vm1", "vm4");
            cluster.standbys().rejoin(vm3);
            assertThat(cluster.standbys().primaryOf(vm3)).contains("vm4");
        }
    }

    static Stream<Step> interruptions() {
        return ALL ? Stream.of(Step.values()) : Stream.of(Step.PROMOTED, Step.LED_TO_THE_SLOT, Step.ENABLED);
    }

    /** As a test's timeout does it, or Ctrl-C. */
    @ParameterizedTest
    @MethodSource("interruptions")
    void a_failover_is_finished_after_its_caller_was_interrupted_at_any_step(Step step) {
        try (MiniCluster cluster = MiniCluster.of(HomeworkTopology.withGuardedStandby())
                .name("FailoverTakenUpIT-interrupted-" + step)
                .start()) {
            cluster.node("vm1").execute("INSERT INTO test SELECT i, 'before' FROM generate_series(1, 20) AS i");
            cluster.awaitReplicated();
            cluster.node("vm3").kill();
            Thread caller = Thread.currentThread();
            AtomicBoolean interrupted = at(cluster, step, caller::interrupt);

            @Nullable Throwable stopped = catchThrowable(() -> cluster.failOver("vm3", "vm4"));
            assertThat(interrupted).as("the step was there").isTrue();
            // Of one that came when nothing was waited for any more.
            assertThat(Thread.interrupted() || stopped != null).isTrue();

            if (stopped != null) {
                assertThat(stopped)
                        .isInstanceOf(MiniClusterException.class)
                        .hasMessageContaining("say failOver(\"vm3\", \"vm4\") again");
                assertThat(cluster.failOver("vm3", "vm4").subscriptions())
                        .containsExactlyInAnyOrder("vm3_test_sub", "vm3_test2_sub");
            }
            cluster.node("vm1").execute("INSERT INTO test VALUES (100, 'after')");
            cluster.node("vm2").execute("INSERT INTO test2 VALUES (100, 'after')");
            assertThat(cluster).table("test").convergesOn("vm1", "vm2", "vm4");
            assertThat(cluster).table("test2").convergesOn("vm2", "vm1", "vm4");
        }
    }

    @Test
    void a_standby_that_dies_before_it_is_promoted_takes_over_from_nobody_and_the_primary_is_let_in_again() {
        try (MiniCluster cluster = MiniCluster.of(HomeworkTopology.withGuardedStandby())
                .name("FailoverTakenUpIT-fenced")
                .start()) {
            AtomicBoolean died = new AtomicBoolean();
            cluster.journal().onEntry(entry -> {
                if (entry.event() instanceof Event.Wait wait
                        && wait.what().kind() == WaitKind.NO_CONNECTION
                        && died.compareAndSet(false, true)) {
                    cluster.node("vm4").kill();
                }
            });

            assertThat(catchThrowable(() -> cluster.failOver("vm3", "vm4"))).isInstanceOf(MiniClusterException.class);

            assertThat(died).as("vm3 was fenced when vm4 died").isTrue();
            cluster.node("vm1").execute("INSERT INTO test VALUES (1, 'vm3 is let in')");
            cluster.node("vm2").execute("INSERT INTO test2 VALUES (1, 'vm3 is let in')");
            assertThat(cluster).table("test").convergesOn("vm1", "vm2", "vm3");
            assertThat(cluster).table("test2").convergesOn("vm2", "vm1", "vm3");
        }
    }

    /** Once, when the step has been done for the first time. */
    private static AtomicBoolean at(MiniCluster cluster, Step step, Runnable action) {
        AtomicBoolean done = new AtomicBoolean();
        cluster.journal().onEntry(entry -> {
            if (step.mark.test(entry) && "vm4".equals(entry.node()) && done.compareAndSet(false, true)) {
                action.run();
            }
        });
        return done;
    }
}
