package org.pgminicluster.script;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.pgminicluster.topology.Topology;

class SeveralMajorsTest {

    private final Topology topology = Topology.named("10 to 18")
            .schema("CREATE TABLE item (id integer PRIMARY KEY)")
            .node("old", old -> old.postgres("10").publishes("items", "item"))
            .node("new", next -> next.postgres("18").readOnly("item").subscribes("sub", "old", "items"))
            .node("older", older -> older.postgres("10").readOnly("item").subscribes("sub2", "old", "items"))
            .build();

    @Test
    void each_node_is_told_in_the_words_of_its_own_major() {
        Script script = Script.of(topology, Peers.byName(), server -> server.equals("new") ? 18 : 10);

        assertThat(typedOn(script, "new")).contains("EXECUTE FUNCTION ").doesNotContain("EXECUTE PROCEDURE ");
        assertThat(typedOn(script, "older")).contains("EXECUTE PROCEDURE ").doesNotContain("EXECUTE FUNCTION ");
    }

    @Test
    void what_a_person_would_type_is_for_that_nodes_major() {
        assertThat(PsqlScript.of(topology, "new", 18)).contains("ALTER SYSTEM SET max_active_replication_origins = ");
        assertThat(PsqlScript.of(topology, "older", 10))
                .doesNotContain("max_active_replication_origins")
                .contains("EXECUTE PROCEDURE ");
    }

    private static String typedOn(Script script, String node) {
        return script.on(node).stream()
                .map(step -> step.command().toString())
                .toList()
                .toString();
    }
}
