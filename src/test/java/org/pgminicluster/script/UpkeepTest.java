package org.pgminicluster.script;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.pgminicluster.topology.Topology;

/** What keeps guards and rights true for tables that come later, where there are guards, or somebody to have rights. */
class UpkeepTest {

    private final Script script = Script.of(
            Topology.named("upkeep")
                    .node("pub", pub -> pub.publishes("p", "t").database("second", second -> {}))
                    .node("copy", copy -> copy.readOnly("t").subscribes("s", "pub", "p"))
                    .node("both", both -> both.readOnly("t").publishes("p", "t").subscribes("s2", "pub", "p"))
                    .node("neither")
                    .build(),
            Peers.byName(),
            10);

    @Test
    void rights_follow_in_each_database_of_a_node_that_publishes() {
        assertThat(upkeep("pub")).containsExactly(RightsSql.follow(10), RightsSql.follow(10));
    }

    @Test
    void guards_follow_where_there_is_one_before_anything_is_published() {
        assertThat(upkeep("copy")).containsExactly(GuardSql.guardParts(10));
        assertThat(upkeep("both")).containsExactly(GuardSql.guardParts(10), RightsSql.follow(10));
        assertThat(script.on("both")).extracting(Step::phase).isSorted();
    }

    @Test
    void nothing_follows_elsewhere() {
        assertThat(upkeep("neither")).isEmpty();
    }

    @Test
    void on_10_a_trigger_calls_a_function_by_its_older_name() {
        assertThat(GuardSql.guardParts(10) + RightsSql.follow(10)).doesNotContain("EXECUTE FUNCTION");
        assertThat(GuardSql.guardParts(11) + RightsSql.follow(11)).doesNotContain("EXECUTE PROCEDURE");
    }

    private List<String> upkeep(String node) {
        return script.on(node).stream()
                .filter(step -> step.phase() == Step.Phase.UPKEEP)
                .map(step -> step.command().toString())
                .toList();
    }
}
