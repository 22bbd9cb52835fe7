package org.pgminicluster.scenarios.ha;

import static org.assertj.core.api.Assertions.assertThat;
import static org.pgminicluster.assertj.MiniClusterAssertions.assertThat;
import static org.pgminicluster.assertj.MiniClusterAssertions.row;

import org.junit.jupiter.api.Test;
import org.pgminicluster.cluster.MiniCluster;
import org.pgminicluster.cluster.Node;
import org.pgminicluster.fault.Fault;
import org.pgminicluster.junit.Behaviour;
import org.pgminicluster.junit.MiniClusterTest;
import org.pgminicluster.junit.RequiresStandbys;
import org.pgminicluster.junit.TopologyFrom;
import org.pgminicluster.server.ServerLog;
import org.pgminicluster.state.Lsn;
import org.pgminicluster.topology.Topology;

/**
 * vm1, a publisher, is lost and its physical standby takes its place. It has all tables and no slot, so whoever followed
 * vm1 cannot simply go on there: seed it again. Before 17 there is no other way without an extension.
 *
 * @see <a href="https://www.postgresql.org/docs/13/logicaldecoding-explanation.html">Replication Slots</a>
 * @see <a href="https://www.postgresql.org/docs/17/logical-replication-failover.html">Logical Replication Failover</a>
 */
@MiniClusterTest
@TopologyFrom("publisherWithStandby")
@RequiresStandbys
class PublisherFailoverIT {

    static Topology publisherWithStandby() {
        return Topology.named("publisher with a standby")
                .schema("CREATE TABLE item (id serial PRIMARY KEY, name text)")
                .node("vm1", vm1 -> vm1.publishes("pub", "item"))
                .node("vm3", vm3 -> vm3.subscribes("sub", "vm1", "pub"))
                .standby("vm1s")
                .of("vm1")
                .build();
    }

    @Test
    @Behaviour({"fo-slots-not-on-standby", "slot-one-per-subscription"})
    void the_promoted_standby_has_no_slot_and_one_made_by_hand_leaves_a_gap_without_an_error(
            MiniCluster cluster, Node vm1, Node vm3, Node vm1s) {
        vm1.execute("INSERT INTO item VALUES (1, 'before')");
        cluster.awaitReplicated();
        ServerLog.Mark mark = vm3.log().mark();
        takeOver(vm1, vm1s);
        assertThat(vm1s).table("item").hasRows(row(1, "before"));
        assertThat(vm1s).query("SELECT slot_name FROM pg_replication_slots").isEmpty();

        follow(vm3, vm1s);
        cluster.awaitLog(vm3, mark, "replication slot \"sub\" does not exist");
        vm1s.execute("INSERT INTO item VALUES (2, 'in no slot')");
        vm1s.query("SELECT pg_create_logical_replication_slot('sub', 'pgoutput')");
        vm1s.execute("INSERT INTO item VALUES (3, 'marker')");

        cluster.awaitReplicated(vm3, "sub");
        assertThat(vm3).table("item").hasRows(row(1, "before"), row(3, "marker"));
        seedAgain(cluster, vm3, vm1s);
        assertThat(cluster).table("item").hasEqualRowsOn("vm1s", "vm3");
    }

    @Test
    @Behaviour({"fo-slots-not-on-standby", "fo-async-may-lose-commits"})
    void a_subscriber_that_was_ahead_of_the_standby_keeps_phantoms_and_skips_new_rows_until_it_is_seeded_again(
            MiniCluster cluster, Node vm1, Node vm3, Node vm1s) {
        vm1.execute("INSERT INTO item VALUES (1, 'before')");
        cluster.awaitReplicated();
        try (Fault cut = cluster.faults().cut(vm1, vm1s)) {
            vm1.execute("INSERT INTO item SELECT i, repeat('phantom ', 4000) FROM generate_series(101, 150) AS i");
            cluster.awaitReplicated(vm3, "sub");
            takeOver(vm1, vm1s);
        }
        Lsn written = vm1s.currentLsn();
        Lsn applied = Lsn.parse(String.valueOf(
                vm3.query("SELECT remote_lsn FROM pg_replication_origin_status").value()));
        assertThat(applied)
                .as("the name of the trouble: vm3 has applied more than there is")
                .isGreaterThan(written);

        vm1s.query("SELECT pg_create_logical_replication_slot('sub', 'pgoutput')");
        follow(vm3, vm1s);
        vm1s.execute("INSERT INTO item VALUES (2, 'below what vm3 has applied of vm1')");
        assertThat(vm1s.currentLsn()).isLessThan(applied);
        while (vm1s.currentLsn().compareTo(applied) <= 0) {
            vm1s.query("SELECT pg_logical_emit_message(false, 'filler', repeat('x', 100000))");
        }
        vm1s.execute("INSERT INTO item VALUES (3, 'marker')");
        cluster.awaitReplicated(vm3, "sub");

        assertThat(vm3).query("SELECT id FROM item WHERE id < 100").hasRows(row(1), row(3));
        assertThat(vm3).query("SELECT count(*) FROM item WHERE id > 100").hasValue(50);
        assertThat(cluster.currentDifference("item", "vm1s", "vm3")).isPresent();
        seedAgain(cluster, vm3, vm1s);
        assertThat(vm3)
                .table("item")
                .hasRows(row(1, "before"), row(2, "below what vm3 has applied of vm1"), row(3, "marker"));
    }

    @Test
    @Behaviour("phys-sequence-ahead")
    void a_sequence_goes_on_above_every_number_that_was_given_out_with_a_hole(
            MiniCluster cluster, Node vm1, Node vm1s) {
        vm1.execute("INSERT INTO item (name) VALUES ('one'), ('two')");
        cluster.standbys().awaitReplayed(vm1s);

        takeOver(vm1, vm1s);

        vm1s.execute("INSERT INTO item (name) VALUES ('after')");
        assertThat(vm1s).table("item").hasRows(row(1, "one"), row(2, "two"), row(34, "after"));
    }

    private static void takeOver(Node vm1, Node vm1s) {
        vm1.kill();
        vm1s.promote();
    }

    /** A worker that still asks where vm1 was gets no answer there for as long as TCP waits for one. */
    private static void follow(Node vm3, Node vm1s) {
        vm3.execute("ALTER SUBSCRIPTION sub CONNECTION '"
                + vm3.conninfoTo(vm1s, "sub").replace("'", "''") + "'");
        vm3.query("SELECT pg_terminate_backend(pid) FROM pg_stat_subscription WHERE pid IS NOT NULL");
    }

    /** What {@code cluster.reseed} does for a publisher that the topology names. */
    private static void seedAgain(MiniCluster cluster, Node vm3, Node vm1s) {
        vm3.execute("ALTER SUBSCRIPTION sub DISABLE");
        vm3.execute("ALTER SUBSCRIPTION sub SET (slot_name = NONE)");
        vm3.execute("DROP SUBSCRIPTION sub");
        cluster.faults().dropSlot(vm1s, "sub");
        vm3.execute("TRUNCATE item");
        vm3.execute("CREATE SUBSCRIPTION sub CONNECTION '"
                + vm3.conninfoTo(vm1s, "sub").replace("'", "''") + "' PUBLICATION pub");
        cluster.awaitReplicated(vm3, "sub");
    }
}
