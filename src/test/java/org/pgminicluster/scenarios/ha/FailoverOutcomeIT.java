package org.pgminicluster.scenarios.ha;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.pgminicluster.cluster.MiniCluster;
import org.pgminicluster.cluster.Node;
import org.pgminicluster.journal.Event;
import org.pgminicluster.journal.Words;
import org.pgminicluster.junit.MiniClusterTest;
import org.pgminicluster.junit.RequiresStandbys;
import org.pgminicluster.junit.TopologyFrom;
import org.pgminicluster.session.Session;
import org.pgminicluster.standby.Failover;
import org.pgminicluster.topology.Topology;

/**
 * A failover says what does not go on by itself, and what nobody has carried over.
 *
 * @see <a href="https://www.postgresql.org/docs/13/logical-replication-restrictions.html">Restrictions</a>
 */
@MiniClusterTest
@RequiresStandbys
class FailoverOutcomeIT {

    static Topology withMore() {
        return Trio.vm4(Topology.named("guarded trio with more than rows")
                        .schema("CREATE TABLE test (id serial PRIMARY KEY, name text);"
                                + "CREATE UNLOGGED TABLE scratch (id integer);"
                                + "CREATE SEQUENCE down INCREMENT BY -1")
                        .node("vm1", vm1 -> vm1.publishes("test_pub", "test"))
                        .node("vm3", vm3 -> vm3.subscribes(Trio.SUB, "vm1", "test_pub")))
                .guarded()
                .of("vm3")
                .build();
    }

    @Test
    @TopologyFrom("withMore")
    void what_does_not_go_on_and_what_was_not_carried_is_said_with_what_to_do(
            MiniCluster cluster, Node vm1, Node vm3, Node vm4) {
        vm1.execute("INSERT INTO test (name) SELECT 'drawn' FROM generate_series(1, 51)");
        cluster.awaitReplicated();
        vm1.query("SELECT setval('down', -51)");
        vm3.query("SELECT setval('down', -5)");
        try (Session local = vm3.session()) {
            local.execute("SET session_replication_role = replica; INSERT INTO test VALUES (100, 'in the way')");
        }
        cluster.standbys().awaitReplayed(vm4);
        vm3.kill();
        vm1.execute("INSERT INTO test VALUES (100, 'conflicts')");

        Failover outcome = cluster.failOver("vm3", "vm4");

        assertThat(outcome.subscriptions()).isEmpty();
        assertThat(outcome.remarks())
                .containsExactly(
                        "subscription vm3_test_sub on vm4 does not stream, its worker fails: duplicate key value violates"
                                + " unique constraint \"test_pkey\"; put that right on vm4, the worker tries again by itself",
                        "sequence public.down is at -51 on vm1 and at -5 on vm4: sequences are not replicated, say setval()"
                                + " before vm4 draws from it",
                        "sequence public.test_id_seq is at 51 on vm1 and was never drawn from on vm4: sequences are not replicated,"
                                + " say setval() before vm4 draws from it",
                        "unlogged table scratch is empty on vm4: a standby has none of its rows, fill it again");
        assertThat(outcome).asString().endsWith(String.join("; ", outcome.remarks()));
        assertThat(said(cluster)).as("in the report, too").isEqualTo(outcome.remarks());

        vm4.execute("DELETE FROM test WHERE id = 100");
        cluster.awaitReplicated(vm4, Trio.SUB);
    }

    @Test
    @TopologyFrom("org.pgminicluster.scenarios.ha.Trio#guarded")
    void where_all_goes_on_there_is_nothing_to_say(MiniCluster cluster) {
        assertThat(cluster.failOver("vm3", "vm4"))
                .returns(List.of(Trio.SUB), Failover::subscriptions)
                .returns(List.of(), Failover::remarks);
    }

    private static List<String> said(MiniCluster cluster) {
        return cluster.journal().entries().stream()
                .filter(entry -> entry.event() instanceof Event.TakenOver)
                .flatMap(entry -> ((Event.TakenOver) entry.event()).remarks().stream())
                .map(Words::toString)
                .toList();
    }
}
