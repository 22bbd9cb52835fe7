package org.pgminicluster.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.pgminicluster.assertj.MiniClusterAssertions.assertThat;
import static org.pgminicluster.assertj.MiniClusterAssertions.row;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.pgminicluster.junit.MiniClusterTest;
import org.pgminicluster.junit.TopologyFrom;
import org.pgminicluster.state.RowSecurity;
import org.pgminicluster.topology.TableName;
import org.pgminicluster.topology.Topology;

/** Row security holds for whoever copies, too, and nothing fails: what does not arrive must be explained. */
@MiniClusterTest
@TopologyFrom("held")
class RowSecurityIT {

    private static final String SCHEMA = """
            CREATE TABLE todo (id int PRIMARY KEY, owner int, title text);
            ALTER TABLE todo ENABLE ROW LEVEL SECURITY;
            CREATE POLICY own ON todo USING (owner = current_setting('app.uid', true)::int);
            CREATE TABLE shut (id int PRIMARY KEY);
            ALTER TABLE shut ENABLE ROW LEVEL SECURITY;
            """;

    private static Topology.Builder office() {
        return Topology.named("row security")
                .schema(SCHEMA)
                .node(
                        "office",
                        office -> office.publishes("p", "todo").seed("INSERT INTO todo VALUES (1, 1, 'seen?')"));
    }

    static Topology held() {
        return office().node("copy", copy -> copy.subscribes("s", "office", "p"))
                .build();
    }

    static Topology bypassed() {
        return office().node(
                        "copy",
                        copy -> copy.subscription("s", s -> s.to("office", "p").bypassRowSecurity()))
                .node("other", other -> other.subscribes("o", "office", "p"))
                .build();
    }

    @Test
    void evidence_names_a_published_table_and_the_role_that_copies_by_its_policies(MiniCluster cluster, Node copy) {
        assertThat(copy).table("todo").isEmpty();
        assertThat(cluster.snapshot().node("office").rowSecurity())
                .containsExactly(new RowSecurity("rep", TableName.of("todo"), "replicator_copy"));
        assertThat(cluster.snapshot().node("copy").rowSecurity()).isEmpty();

        assertThatThrownBy(() -> cluster.awaitConverged("todo", Duration.ofMillis(300), "office", "copy"))
                .hasMessageContaining("""
                          row security that holds for subscribers
                             database | table |      role
                            ----------+-------+-----------------
                             rep      | todo  | replicator_copy
                        """);
    }

    @Test
    @TopologyFrom("bypassed")
    void whose_role_bypasses_it_copies_all_rows_and_another_one_is_named(
            MiniCluster cluster, Node office, Node copy, Node other) {
        assertThat(copy).table("todo").hasRows(row(1, 1, "seen?"));
        assertThat(other).table("todo").isEmpty();
        assertThat(cluster.snapshot().node("office").rowSecurity())
                .extracting(RowSecurity::toString)
                .containsExactly("row security of todo holds for replicator_other");

        office.execute("ALTER TABLE todo DISABLE ROW LEVEL SECURITY");

        assertThat(cluster.snapshot().node("office").rowSecurity()).isEmpty();
    }
}
