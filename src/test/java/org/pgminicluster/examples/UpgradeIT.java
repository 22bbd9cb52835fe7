package org.pgminicluster.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.pgminicluster.assertj.MiniClusterAssertions.assertThat;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.pgminicluster.cluster.MiniCluster;
import org.pgminicluster.cluster.Node;
import org.pgminicluster.journal.Row;
import org.pgminicluster.junit.MiniClusterTest;
import org.pgminicluster.junit.RequiresPostgres;
import org.pgminicluster.junit.TopologyFrom;
import org.pgminicluster.junit.Unsynced;
import org.pgminicluster.session.Session;
import org.pgminicluster.topology.Topology;

/**
 * How do I get to a newer major while others go on writing?
 */
@MiniClusterTest
@TopologyFrom("upgrade")
@RequiresPostgres(max = 17, because = "there is no newer major to go to")
class UpgradeIT {

    private static final int SEEDED = 1000;

    static Topology upgrade() {
        return Topology.named("upgrade")
                .schema(
                        "CREATE TABLE item (id serial PRIMARY KEY, name text NOT NULL); CREATE SEQUENCE invoice START 500")
                .node(
                        "old",
                        old -> old.seed("INSERT INTO item (name) SELECT 'seeded' FROM generate_series(1, " + SEEDED
                                        + ")")
                                .publication("everything", p -> p.allTables()))
                .node(
                        "upgraded",
                        upgraded -> upgraded.postgres(System.getProperty("minicluster.upgrade", "17"))
                                .subscribes("upgrade", "old", "everything"))
                .build();
    }

    @Test
    @Unsynced
    void nothing_is_lost_when_writers_change_over_to_the_new_major(MiniCluster cluster, Node old, Node upgraded) {
        assertThat(upgraded.version().major()).isGreaterThan(old.version().major());

        // Somebody writes all the while, during the copy and after it.
        AtomicBoolean stop = new AtomicBoolean();
        CompletableFuture<Long> writer = CompletableFuture.supplyAsync(() -> write(old, stop));
        cluster.awaitSynced();
        cluster.awaitValue(upgraded, "SELECT count(*) > 0 FROM item WHERE name LIKE 'written%'", true);

        // The switch-over: writers stop, and nobody can begin again on the old major.
        stop.set(true);
        long written = writer.join();
        old.execute("ALTER SYSTEM SET default_transaction_read_only = on");
        old.query("SELECT pg_reload_conf()");
        cluster.awaitValue(old, "SHOW default_transaction_read_only", "on");
        assertThat(old).rejects("INSERT INTO item (name) VALUES ('too late')").withSqlState("25006");

        // All that was committed there has arrived, and the tables are equal.
        cluster.awaitReplicated();
        assertThat(cluster).table("item").convergesOn("old", "upgraded");
        assertThat(upgraded).table("item").hasCount(SEEDED + written);

        // Sequences are not replicated. Then the new one is on its own.
        carrySequences(old, upgraded);
        upgraded.execute("DROP SUBSCRIPTION upgrade");
        upgraded.execute("INSERT INTO item (name) VALUES ('first on the new major')");
        assertThat(upgraded)
                .query("SELECT id FROM item WHERE name = 'first on the new major'")
                .hasValue(SEEDED + written + 1);
        assertThat(upgraded).query("SELECT nextval('invoice')").hasValue(500 + written);
        assertThat(old).query("SELECT count(*) FROM pg_replication_slots").hasValue(0);
    }

    /** Returns how many rows were acknowledged. */
    private static long write(Node node, AtomicBoolean stop) {
        long written = 0;
        try (Session session = node.session()) {
            while (!stop.get()) {
                written += session.execute("INSERT INTO item (name) SELECT 'written, invoice ' || nextval('invoice')");
            }
        }
        return written;
    }

    private static void carrySequences(Node from, Node to) {
        String used = "SELECT format('%I.%I', schemaname, sequencename), last_value FROM pg_sequences"
                + " WHERE last_value IS NOT NULL";
        for (Row sequence : from.query(used).values()) {
            to.query("SELECT setval(?::regclass, ?::bigint)", sequence.text(0), sequence.text(1));
        }
    }
}
