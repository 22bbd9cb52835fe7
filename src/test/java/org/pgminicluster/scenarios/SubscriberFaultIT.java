package org.pgminicluster.scenarios;

import static org.assertj.core.api.Assertions.assertThat;
import static org.pgminicluster.assertj.MiniClusterAssertions.assertThat;
import static org.pgminicluster.assertj.MiniClusterAssertions.row;

import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.pgminicluster.cluster.MiniCluster;
import org.pgminicluster.cluster.Node;
import org.pgminicluster.fault.Fault;
import org.pgminicluster.junit.Behaviour;
import org.pgminicluster.junit.MiniClusterTest;
import org.pgminicluster.junit.TopologyFrom;
import org.pgminicluster.server.ServerLog;
import org.pgminicluster.server.StopMode;
import org.pgminicluster.state.Lsn;
import org.pgminicluster.topology.Topology;

/**
 * A subscriber that is down, crashes or is cut off: its slot waits for it, and its origin knows where it was. The table
 * has no key, so that a row which came twice would be there twice.
 *
 * @see <a href="https://www.postgresql.org/docs/13/logicaldecoding-explanation.html">Replication Slots</a>
 * @see <a href="https://www.postgresql.org/docs/13/replication-origins.html">Replication Progress Tracking</a>
 */
@MiniClusterTest
@TopologyFrom("entries")
@Order(3)
class SubscriberFaultIT {

    private static final String RESTART_LSN = "SELECT restart_lsn FROM pg_replication_slots";

    static Topology entries() {
        return OneWay.of("CREATE TABLE entry (id integer, name text)", "entry");
    }

    @Test
    @Behaviour({"fault-subscriber-down-then-catches-up", "slot-pins-wal-and-catalog"})
    void the_slot_keeps_the_wal_while_the_subscriber_is_down_and_it_catches_up(
            MiniCluster cluster, Node primary, Node copy) {
        primary.execute("INSERT INTO entry VALUES (1, 'before')");
        cluster.awaitReplicated();

        try (Fault down = cluster.faults().stop(copy, StopMode.FAST)) {
            cluster.awaitValue(primary, "SELECT count(*) FROM pg_replication_slots WHERE active", 0);
            Lsn kept = Lsn.parse(String.valueOf(primary.query(RESTART_LSN).value()));
            primary.execute("INSERT INTO entry VALUES (2, 'meanwhile')");
            primary.query("SELECT pg_switch_wal()");
            primary.execute("INSERT INTO entry VALUES (3, 'in the next segment')");
            primary.execute("CHECKPOINT");

            assertThat(primary.query(RESTART_LSN).value()).as(down.proof()).isEqualTo(kept.toString());
            assertThat(primary.query(
                                    "SELECT count(*) FROM pg_ls_waldir() WHERE name = pg_walfile_name(?::pg_lsn)",
                                    kept.toString())
                            .number())
                    .as("the segment that the slot needs is still there")
                    .isEqualTo(1);
        }

        cluster.awaitReplicated();
        assertThat(copy).table("entry").hasRows(row(1, "before"), row(2, "meanwhile"), row(3, "in the next segment"));
    }

    static Topology lazyCopy() {
        return OneWay.of(
                "CREATE TABLE entry (id integer, name text)", primary -> primary.publishes("pub", "entry"), copy -> {
                    OneWay.streams("pub").accept(copy);
                    // Nobody else may flush it in between: pages that are written out take their WAL along.
                    copy.setting("wal_writer_delay", "10s").setting("bgwriter_lru_maxpages", "0");
                });
    }

    @Test
    @Behaviour("fault-subscriber-crash-no-loss-no-dup")
    void rows_that_a_crash_of_the_subscriber_takes_back_come_again_once(
            @TopologyFrom("lazyCopy") MiniCluster cluster, Node primary, Node copy) {
        primary.execute("INSERT INTO entry VALUES (1, 'flushed')");
        // The copy's WAL writer has just been round, and comes again in ten seconds.
        cluster.awaitValue(primary, "SELECT flush_lsn >= pg_current_wal_lsn() FROM pg_stat_replication", true);
        primary.execute("INSERT INTO entry VALUES (2, 'applied, not flushed')");
        cluster.awaitConverged("entry", "primary", "copy");

        try (Fault crash = cluster.faults().kill(copy)) {
            primary.stop(StopMode.FAST);
            assertThat(crash.isOpen()).isTrue();
        }
        assertThat(copy).table("entry").hasRows(row(1, "flushed"));
        primary.start();

        cluster.awaitConverged("entry", "primary", "copy");
        assertThat(copy).table("entry").hasRows(row(1, "flushed"), row(2, "applied, not flushed"));
    }

    @Test
    @Behaviour({"fault-connection-cut", "lim-retry-interval"})
    void a_cut_connection_is_tried_again_and_again_until_it_is_back(MiniCluster cluster, Node primary, Node copy) {
        cluster.awaitReplicated();
        ServerLog.Mark mark = copy.log().mark();

        try (Fault cut = cluster.faults().cut(primary, copy)) {
            primary.execute("INSERT INTO entry VALUES (1, 'meanwhile')");
            cluster.awaitLog(copy, mark, "could not connect to the publisher");
            ServerLog.Mark later = copy.log().mark();
            cluster.awaitLog(copy, later, "could not connect to the publisher");
            assertThat(copy.query("SELECT subenabled FROM pg_subscription").value())
                    .as("it is not given up, %s", cut.proof())
                    .isEqualTo("t");
            assertThat(copy).table("entry").isEmpty();
        }

        cluster.awaitReplicated();
        assertThat(copy).table("entry").hasRows(row(1, "meanwhile"));
    }
}
