package org.pgminicluster.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.pgminicluster.assertj.MiniClusterAssertions.assertThat;
import static org.pgminicluster.assertj.MiniClusterAssertions.row;

import org.junit.jupiter.api.Test;
import org.pgminicluster.fault.Fault;
import org.pgminicluster.junit.MiniClusterTest;
import org.pgminicluster.junit.TopologyFrom;
import org.pgminicluster.runtime.Link;
import org.pgminicluster.script.Conninfo;
import org.pgminicluster.script.Sql;
import org.pgminicluster.topology.Topology;

/** Of two subscriptions between the same nodes, which log in by the same role, one is broken and the other is not. */
@MiniClusterTest
@TopologyFrom("twoSubscriptions")
class OneOfTwoLinksIT {

    private static final String CONNECTION = "SELECT subconninfo FROM pg_subscription WHERE subname = 'a_sub'";

    static Topology twoSubscriptions() {
        return Topology.named("two subscriptions")
                .schema("CREATE TABLE a (id integer PRIMARY KEY); CREATE TABLE b (id integer PRIMARY KEY);")
                .node("primary", primary -> primary.publishes("a_pub", "a").publishes("b_pub", "b"))
                .node(
                        "copy",
                        copy -> copy.subscribes("a_sub", "primary", "a_pub").subscribes("b_sub", "primary", "b_pub"))
                .build();
    }

    private static void write(Node primary) {
        primary.execute("INSERT INTO a VALUES (1)");
        primary.execute("INSERT INTO b VALUES (1)");
    }

    @Test
    void a_stalled_one_is_silent_and_the_other_goes_on(MiniCluster cluster, Node primary, Node copy) {
        cluster.awaitReplicated();
        try (Fault stall = cluster.faults().stall(copy, "a_sub")) {
            write(primary);
            cluster.awaitReplicated(copy, "b_sub");
            assertThat(copy).table("a").isEmpty();
            assertThat(stall.description()).isEqualTo("subscription a_sub on copy stalled");
        }
        assertThat(cluster).table("a").convergesOn("primary", "copy");
    }

    @Test
    void a_cut_one_has_no_connection_and_the_other_keeps_its_own(MiniCluster cluster, Node primary, Node copy) {
        cluster.awaitReplicated();
        String connection = copy.query(CONNECTION).value();
        Link other = Link.named(cluster.runtime(), copy.member(), "b_sub");
        int walsender = other.awaitWalsender();

        try (Fault cut = cluster.faults().cut(copy, "a_sub")) {
            write(primary);
            cluster.awaitReplicated(copy, "b_sub");
            assertThat(copy).table("a").isEmpty();
            assertThat(copy).table("b").hasRows(row(1));
            assertThat(primary).slot("a_sub").isInactive();
            assertThat(other.awaitWalsender()).isEqualTo(walsender);
            assertThat(cut.description()).isEqualTo("subscription a_sub on copy cut");
            assertThat(cut.proof()).contains("turned away were [subscription a_sub on copy]");
        }

        assertThat(primary).slot("a_sub").isActive();
        assertThat(copy.query(CONNECTION).value()).isEqualTo(connection);
        assertThat(cluster).table("a").convergesOn("primary", "copy");
    }

    @Test
    void a_cut_one_that_somebody_has_led_elsewhere_meanwhile_is_left_there(
            MiniCluster cluster, Node primary, Node copy) {
        cluster.awaitReplicated();
        primary.execute("CREATE ROLE mover LOGIN REPLICATION PASSWORD 'moves'");
        try (Fault cut = cluster.faults().cut(copy, "a_sub")) {
            Conninfo moved = Conninfo.parse(copy.conninfoTo(primary, "a_sub"))
                    .with("user", "mover")
                    .with("password", "moves");
            copy.execute("ALTER SUBSCRIPTION a_sub CONNECTION " + Sql.literal(moved.toString()));
            assertThat(cut.isOpen()).isTrue();
        }

        assertThat(Conninfo.parse(String.valueOf(copy.query(CONNECTION).value()))
                        .get("user"))
                .contains("mover");
        write(primary);
        cluster.awaitReplicated();
        assertThat(copy).table("a").hasRows(row(1));
    }

    @Test
    void the_whole_link_is_both(MiniCluster cluster, Node primary, Node copy) {
        cluster.awaitReplicated();
        try (Fault cut = cluster.faults().cut(primary, copy)) {
            write(primary);
            assertThat(cut.proof()).contains("a_sub", "b_sub");
            assertThat(primary.query("SELECT count(*) FROM pg_stat_replication").number())
                    .isZero();
        }
        assertThat(cluster).table("a").convergesOn("primary", "copy");
        assertThat(cluster).table("b").convergesOn("primary", "copy");
    }
}
