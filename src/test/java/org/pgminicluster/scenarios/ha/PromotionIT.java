package org.pgminicluster.scenarios.ha;

import static org.assertj.core.api.Assertions.assertThat;
import static org.pgminicluster.assertj.MiniClusterAssertions.assertThat;
import static org.pgminicluster.assertj.MiniClusterAssertions.row;

import org.junit.jupiter.api.Test;
import org.pgminicluster.cluster.MiniCluster;
import org.pgminicluster.cluster.Node;
import org.pgminicluster.junit.Behaviour;
import org.pgminicluster.junit.MiniClusterTest;
import org.pgminicluster.junit.RequiresPostgres;
import org.pgminicluster.junit.RequiresStandbys;
import org.pgminicluster.junit.TopologyFrom;
import org.pgminicluster.server.ServerLog;
import org.pgminicluster.session.Session;
import org.pgminicluster.topology.Topology;

/**
 * What a promotion changes on vm4, and what it does not.
 *
 * @see <a href="https://www.postgresql.org/docs/13/warm-standby-failover.html">Failover</a>
 * @see <a href="https://www.postgresql.org/docs/13/continuous-archiving.html#BACKUP-TIMELINES">Timelines</a>
 */
@MiniClusterTest
@TopologyFrom("org.pgminicluster.scenarios.ha.Trio#plain")
@RequiresStandbys
class PromotionIT {

    @Test
    @Behaviour({"fo-promote-opens-writes", "fo-pg-promote"})
    void a_session_that_was_open_before_may_write_after_the_promotion_which_begins_a_new_timeline(
            MiniCluster cluster, Node vm3, Node vm4) {
        cluster.awaitReplicated();
        ServerLog.Mark mark = vm4.log().mark();

        try (Session open = vm4.session()) {
            assertThat(open.query("SHOW transaction_read_only").value()).isEqualTo("on");
            vm3.kill();
            cluster.failOver("vm3", "vm4");

            open.execute("CREATE TABLE own (id integer)");
            assertThat(open.query("SHOW transaction_read_only").value()).isEqualTo("off");
        }

        assertThat(vm4).log().since(mark).contains("selected new timeline ID: 2");
        assertThat(vm4)
                .query("SELECT substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8)")
                .hasValue("00000002");
        assertThat(vm4)
                .query("SELECT count(*) FROM pg_ls_waldir() WHERE name = '00000002.history'")
                .hasValue(1);
    }

    @Test
    @Behaviour("trg-ordinary-trigger-silent-in-apply")
    void the_guards_of_vm3_still_refuse_on_the_promoted_vm4_and_still_let_replicated_rows_pass(
            MiniCluster cluster, Node vm1, Node vm3, Node vm4) {
        cluster.awaitReplicated();
        assertThat(vm4).rejects("INSERT INTO test VALUES (9, 'here')").withSqlState("25006");
        vm3.kill();
        cluster.failOver("vm3", "vm4");

        for (String write : new String[] {
            "INSERT INTO test VALUES (9, 'here')", "UPDATE test SET name = ''", "DELETE FROM test", "TRUNCATE test"
        }) {
            assertThat(vm4).rejects(write).withMessage("Cannot modify table.");
        }
        vm1.execute("INSERT INTO test VALUES (1, 'from vm1')");
        cluster.awaitReplicated(vm4, Trio.SUB);
        assertThat(vm4).table("test").hasRows(row(1, "from vm1"));
    }

    @Test
    @Behaviour("fo-promote-while-paused")
    @RequiresPostgres(min = 13, because = "before, a promotion waited until replay was resumed")
    void a_promotion_overrides_a_pause_of_replay(MiniCluster cluster, Node vm1, Node vm3, Node vm4) {
        cluster.awaitReplicated();
        vm4.query("SELECT pg_wal_replay_pause()");
        vm1.execute("INSERT INTO test VALUES (1, 'received and not replayed')");
        cluster.awaitReplicated(vm3, Trio.SUB);
        String written =
                String.valueOf(vm3.query("SELECT pg_current_wal_flush_lsn()").value());
        cluster.awaitValue(vm4, "SELECT pg_last_wal_receive_lsn() >= '" + written + "'", true);
        assertThat(vm4).table("test").isEmpty();

        vm3.kill();
        cluster.failOver("vm3", "vm4");

        assertThat(vm4).table("test").hasRows(row(1, "received and not replayed"));
    }

    static Topology twoStandbys() {
        return Trio.vm4(Trio.one("two standbys"))
                .of("vm3")
                .standby("vm5")
                .of("vm3")
                .build();
    }

    @Test
    @Behaviour({"fo-new-timeline-followed", "phys-conninfo-and-slot-by-reload"})
    @TopologyFrom("twoStandbys")
    @RequiresPostgres(min = 13, because = "before, another primary_conninfo needed a restart")
    void another_standby_follows_vm4_onto_its_timeline(MiniCluster cluster, Node vm1, Node vm3, Node vm4, Node vm5) {
        cluster.awaitReplicated();
        vm3.kill();
        cluster.failOver("vm3", "vm4");

        vm1.execute("INSERT INTO test VALUES (1, 'through vm4')");
        cluster.awaitReplicated(vm4, Trio.SUB);
        cluster.awaitValue(vm5, "SELECT received_tli FROM pg_stat_wal_receiver", 2);
        cluster.standbys().awaitReplayed(vm5);
        assertThat(vm5).table("test").hasRows(row(1, "through vm4"));
    }

    static Topology numbered() {
        return Topology.named("numbered rows")
                .schema("CREATE TABLE item (id serial PRIMARY KEY, name text)")
                .node("vm1", vm1 -> vm1.publishes("pub", "item"))
                .node("vm3", vm3 -> vm3.subscribes("sub", "vm1", "pub"))
                .standby("vm4")
                .of("vm3")
                .build();
    }

    @Test
    @Behaviour("lim-sequences-not-replicated")
    @TopologyFrom("numbered")
    void whoever_writes_on_the_promoted_vm4_gets_numbers_that_are_taken_until_the_sequence_is_set(
            MiniCluster cluster, Node vm1, Node vm3, Node vm4) {
        vm1.execute("INSERT INTO item (name) VALUES ('one'), ('two')");
        cluster.awaitReplicated();
        vm3.kill();
        cluster.failOver("vm3", "vm4");

        assertThat(vm4)
                .rejects("INSERT INTO item (name) VALUES ('three')")
                .withSqlState("23505")
                .withDetail("Key (id)=(1) already exists.");
        vm4.query("SELECT setval('item_id_seq', (SELECT max(id) FROM item))");
        vm4.execute("INSERT INTO item (name) VALUES ('three')");

        assertThat(vm4).table("item").hasRows(row(1, "one"), row(2, "two"), row(3, "three"));
    }
}
