package org.pgminicluster.lab.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.pgminicluster.cluster.MiniCluster;

/** Goes through the homework as a learner does, on servers on which nothing was made. */
class CheckIT {

    private static final String DATABASE = "steps";

    @Test
    void each_step_turns_its_points_from_open_to_done() {
        try (MiniCluster cluster = HandMade.servers("check steps", Map.of())) {
            HandMade learner = new HandMade(cluster, DATABASE);

            CheckResult nothing = learner.check();
            assertThat(HandMade.verdicts(nothing)).containsEntry("servers", "done");
            assertThat(nothing.count(Judgement.DONE)).isEqualTo(1);
            assertThat(nothing.count(Judgement.WRONG)).isZero();
            assertThat(HandMade.ids(nothing, Judgement.NOT_YET)).contains("database-other", "wal-level", "tables-none");

            assertThat(HandMade.open(learner.createDatabases().check()))
                    .doesNotContain("database")
                    .contains("tables");

            assertThat(HandMade.open(learner.createTables().check()))
                    .containsExactly(
                            "wal-level",
                            "publication(vm1)",
                            "publication(vm2)",
                            "subscription(vm2, vm1)",
                            "subscription(vm1, vm2)",
                            "before(test, vm1)",
                            "before(test2, vm2)",
                            "guard(vm2, test)",
                            "guard(vm1, test2)",
                            "arrives(vm1, test)",
                            "arrives(vm2, test2)",
                            "collector(vm3)",
                            "slots");

            for (String node : List.of("vm1", "vm2")) {
                learner.maintenance(node, "ALTER SYSTEM SET wal_level = logical");
            }
            assertThat(HandMade.ids(learner.check(), Judgement.WRONG))
                    .containsExactly("wal-level-not-restarted", "wal-level-not-restarted");
            cluster.node("vm1").restart();
            cluster.node("vm2").restart();
            assertThat(HandMade.open(learner.check())).doesNotContain("wal-level");

            learner.guard("vm2", "test").guard("vm1", "test2").writeRows();
            learner.publish("vm1", "p", "test").publish("vm2", "p", "test2");
            assertThat(HandMade.open(learner.check()))
                    .containsExactly(
                            "subscription(vm2, vm1)",
                            "subscription(vm1, vm2)",
                            "before(test, vm1)",
                            "before(test2, vm2)",
                            "arrives(vm1, test)",
                            "arrives(vm2, test2)",
                            "collector(vm3)",
                            "slots");

            learner.subscribe("vm2", "own_name", "vm1", "p");
            assertThat(HandMade.open(learner.check()))
                    .containsExactly(
                            "subscription(vm1, vm2)",
                            "before(test2, vm2)",
                            "arrives(vm2, test2)",
                            "collector(vm3)",
                            "slots");

            learner.subscribe("vm1", "own_name", "vm2", "p");
            assertThat(HandMade.open(learner.check())).containsExactly("collector(vm3)", "slots");

            learner.subscribe("vm3", "other_name", "vm1", "p").subscribe("vm3", "third_name", "vm2", "p");
            CheckResult finished = learner.check();
            assertThat(HandMade.open(finished)).isEmpty();
            assertThat(HandMade.verdicts(finished)).containsEntry("standby(vm4, vm3)", "not-yet");
            assertThat(List.of("backup-done", "backup-program", "backup-old")).containsAnyElementsOf(allIds(finished));
            assertUntouched(learner);

            CheckResult looked = learner.check(true);
            assertThat(HandMade.ids(looked, Judgement.UNTOLD))
                    .containsExactly(
                            "guard-read-only",
                            "guard-read-only",
                            "arrives-read-only",
                            "arrives-read-only",
                            "backup-read-only");
            assertThat(HandMade.ids(looked, Judgement.WRONG)).isEmpty();
        }
    }

    private static List<String> allIds(CheckResult result) {
        return result.points().stream()
                .flatMap(point -> point.findings().stream())
                .map(Finding::id)
                .toList();
    }

    /** What a check has written is gone from everywhere. */
    private static void assertUntouched(HandMade learner) {
        for (String node : HandMade.NODES) {
            try (var session = learner.session(node, DATABASE)) {
                assertThat(session.query("SELECT id FROM test UNION ALL SELECT id FROM test2 ORDER BY 1")
                                .texts())
                        .as(node)
                        .containsExactly("1", "2");
                assertThat(session.query("SELECT datname FROM pg_database WHERE datname LIKE 'minicluster%'")
                                .values())
                        .isEmpty();
            }
        }
    }
}
