package org.pgminicluster.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.pgminicluster.assertj.MiniClusterAssertions.assertThat;
import static org.pgminicluster.assertj.MiniClusterAssertions.row;

import org.junit.jupiter.api.Test;
import org.pgminicluster.junit.MiniClusterTest;
import org.pgminicluster.junit.TopologyFrom;
import org.pgminicluster.junit.Unsynced;
import org.pgminicluster.topology.Topology;
import org.pgminicluster.wait.WaitFailedException;

/** A cluster is handed over when all that it copies is copied, or earlier, to those who ask for that. */
@MiniClusterTest
class SyncedStartIT {

    /** So many rows that the copy is still under way when the subscription is created. */
    static Topology longCopy() {
        return Topology.named("long copy")
                .schema("CREATE TABLE item (id integer PRIMARY KEY, price integer)")
                .node(
                        "till",
                        till -> till.seed("INSERT INTO item SELECT i, 1 FROM generate_series(1, 100000) AS i")
                                .publishes("prices", "item"))
                .node("copy", copy -> copy.subscribes("prices", "till", "prices"))
                .build();
    }

    static Topology copyThatCannotSucceed() {
        return Topology.named("copy that cannot succeed")
                .schema("CREATE TABLE item (id integer PRIMARY KEY)")
                .node("till", till -> till.seed("INSERT INTO item VALUES (1)").publishes("items", "item"))
                .node(
                        "copy",
                        copy -> copy.schema("ALTER TABLE item ADD CHECK (id > 1)")
                                .subscribes("items", "till", "items"))
                .build();
    }

    static Topology nothingPublished() {
        return Topology.named("nothing published")
                .schema("CREATE TABLE item (id integer PRIMARY KEY)")
                .node("till", till -> till.publishes("items"))
                .node("copy", copy -> copy.subscribes("items", "till", "items"))
                .build();
    }

    @Test
    @TopologyFrom("longCopy")
    void a_test_begins_when_every_table_is_copied(Node till, Node copy) {
        assertThat(copy).subscription("prices").isSynced();

        copy.execute("CREATE TABLE streamed (id integer)");
        copy.execute("CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS"
                + " 'BEGIN INSERT INTO public.streamed VALUES (NEW.id); RETURN NULL; END'");
        copy.execute("CREATE TRIGGER note AFTER UPDATE ON item FOR EACH ROW EXECUTE PROCEDURE note()");
        copy.execute("ALTER TABLE item ENABLE REPLICA TRIGGER note");
        till.execute("UPDATE item SET price = 2 WHERE id = 100000");
        till.cluster().awaitReplicated();

        assertThat(copy).table("streamed").hasRows(row(100000));
    }

    @Test
    @Unsynced
    @TopologyFrom("copyThatCannotSucceed")
    void a_test_that_is_unsynced_begins_before(Node till, Node copy) {
        assertThat(till).table("item").hasRows(row(1));
        assertThat(copy).table("item").isEmpty();
        assertThat(copy)
                .query("SELECT subname, subenabled FROM pg_subscription")
                .hasRows(row("items", true));
    }

    @Test
    void a_copy_that_cannot_succeed_ends_the_start_with_the_evidence_and_the_way_round() {
        WaitFailedException failure =
                catchThrowableOfType(WaitFailedException.class, () -> MiniCluster.start(copyThatCannotSucceed()));

        assertThat(failure)
                .hasMessageMatching("(?s)\\Qwaited for every table of subscription items on copy to be synced, gave up"
                        + " after \\E\\d+\\.\\d s\\Q: a replication worker on copy fails again and again: ERROR:  new row"
                        + " for relation \"item\" violates check constraint \"item_id_check\"; to have the cluster before"
                        + " its copies are there, say @Unsynced or MiniCluster.of(topology).unsynced()\n"
                        + "last seen: 0 of 1 tables synced: item=d\n\n\\E.*");
        assertThat(failure.isHopeless()).isTrue();
        assertThat(failure.snapshot().toString()).contains("items", "item_id_check");
    }

    @Test
    @TopologyFrom("nothingPublished")
    void a_publication_without_a_table_holds_no_start_up(Node copy) {
        assertThat(copy).query("SELECT count(*) FROM pg_subscription_rel").hasValue(0);
    }
}
