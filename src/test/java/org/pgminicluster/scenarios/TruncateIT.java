package org.pgminicluster.scenarios;

import static org.assertj.core.api.Assertions.assertThat;
import static org.pgminicluster.assertj.MiniClusterAssertions.assertThat;
import static org.pgminicluster.assertj.MiniClusterAssertions.row;
import static org.pgminicluster.topology.Publication.Operation.DELETE;
import static org.pgminicluster.topology.Publication.Operation.INSERT;
import static org.pgminicluster.topology.Publication.Operation.UPDATE;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.pgminicluster.cluster.MiniCluster;
import org.pgminicluster.cluster.Node;
import org.pgminicluster.junit.Behaviour;
import org.pgminicluster.junit.MiniClusterTest;
import org.pgminicluster.junit.RequiresPostgres;
import org.pgminicluster.junit.TopologyFrom;
import org.pgminicluster.server.ServerLog;
import org.pgminicluster.session.Session;
import org.pgminicluster.topology.Topology;

/**
 * What a TRUNCATE on the publisher does to the subscriber: it is an operation of its own, and takes everything in the
 * table with it, wherever it came from.
 *
 * @see <a href="https://www.postgresql.org/docs/13/logical-replication-restrictions.html">Restrictions</a>
 */
@MiniClusterTest
@TopologyFrom("oneTable")
@RequiresPostgres(min = 11, because = "before, no TRUNCATE was replicated")
class TruncateIT {

    static Topology oneTable() {
        return OneWay.of("CREATE TABLE item (id serial PRIMARY KEY, name text)", "item");
    }

    @Test
    @Behaviour("trunc-replicated")
    void a_truncate_empties_the_copy_of_its_own_rows_too(MiniCluster cluster, Node primary, Node copy) {
        primary.execute("INSERT INTO item VALUES (1, 'replicated')");
        cluster.awaitReplicated();
        copy.execute("INSERT INTO item VALUES (2, 'only here')");

        primary.execute("TRUNCATE item");

        cluster.awaitReplicated();
        assertThat(copy).table("item").isEmpty();
    }

    @Test
    @Behaviour("trunc-keeps-sequence")
    void a_truncate_leaves_the_sequence_of_the_copy_where_it_is(MiniCluster cluster, Node primary, Node copy) {
        copy.execute("INSERT INTO item (name) VALUES ('1'), ('2'), ('3')");

        primary.execute("TRUNCATE item");

        cluster.awaitReplicated();
        copy.execute("INSERT INTO item (name) VALUES ('next')");
        assertThat(copy).table("item").hasRows(row(4, "next"));
    }

    @Test
    @Behaviour("trunc-restart-identity")
    void restart_identity_restarts_the_sequence_of_the_copy_at_its_own_start(
            MiniCluster cluster, Node primary, Node copy) {
        copy.execute("ALTER SEQUENCE item_id_seq START 1000");
        copy.execute("INSERT INTO item (name) VALUES ('1'), ('2'), ('3')");

        primary.execute("TRUNCATE item RESTART IDENTITY");

        cluster.awaitReplicated();
        copy.execute("INSERT INTO item (name) VALUES ('next')");
        assertThat(copy).table("item").hasRows(row(1000, "next"));
    }

    static Topology allButTruncate() {
        return OneWay.of(
                "CREATE TABLE item (id integer PRIMARY KEY, name text)",
                primary -> primary.publication("pub", pub -> pub.tables("item").publish(INSERT, UPDATE, DELETE)),
                OneWay.streams("pub"));
    }

    @Test
    @TopologyFrom("allButTruncate")
    @Behaviour("trunc-not-in-publish-list")
    void a_truncate_that_is_not_published_leaves_the_rows_until_it_is(MiniCluster cluster, Node primary, Node copy) {
        primary.execute("INSERT INTO item VALUES (1, 'stays')");
        primary.execute("TRUNCATE item");
        primary.execute("INSERT INTO item VALUES (2, 'marker')");
        cluster.awaitReplicated();
        assertThat(copy).table("item").hasRows(row(1, "stays"), row(2, "marker"));

        primary.execute("ALTER PUBLICATION pub SET (publish = 'insert, update, delete, truncate')");
        primary.execute("TRUNCATE item");

        cluster.awaitReplicated();
        assertThat(copy).table("item").isEmpty();
    }

    static Topology parentAndChild() {
        return OneWay.of("""
                CREATE TABLE parent (id integer PRIMARY KEY);
                CREATE TABLE child (id integer PRIMARY KEY, parent integer REFERENCES parent);
                """, "parent", "child");
    }

    @Test
    @TopologyFrom("parentAndChild")
    @Behaviour("trunc-fk-group")
    void tables_linked_by_a_foreign_key_are_truncated_together(MiniCluster cluster, Node primary, Node copy) {
        primary.execute("INSERT INTO parent VALUES (1); INSERT INTO child VALUES (1, 1)");
        cluster.awaitReplicated();
        assertThat(copy).table("child").hasRows(row(1, 1));

        primary.execute("TRUNCATE parent, child");

        cluster.awaitReplicated();
        assertThat(copy).table("parent").isEmpty();
        assertThat(copy).table("child").isEmpty();
    }

    @Test
    @TopologyFrom("parentAndChild")
    @Behaviour("trunc-cascade-not-widened")
    void a_cascade_goes_no_further_on_the_copy_than_it_went_on_the_primary(
            MiniCluster cluster, Node primary, Node copy) {
        copy.execute("CREATE TABLE note (parent integer REFERENCES parent)");
        primary.execute("INSERT INTO parent VALUES (1); INSERT INTO child VALUES (1, 1)");
        cluster.awaitReplicated();
        copy.execute("INSERT INTO note VALUES (1)");
        ServerLog.Mark mark = copy.log().mark();

        primary.execute("TRUNCATE parent CASCADE");

        cluster.awaitLog(copy, mark, "ERROR:  cannot truncate a table referenced in a foreign key constraint");
        assertThat(copy).table("note").as("not in the publisher's cascade").hasRows(row(1));
        assertThat(copy).table("child").as("the truncate failed as a whole").hasRows(row(1, 1));
        copy.execute("DROP TABLE note");
        cluster.awaitReplicated();
        assertThat(copy).table("parent").isEmpty();
        assertThat(copy).table("child").as("in the publisher's cascade").isEmpty();
    }

    static Topology oneOfTwoTables() {
        return OneWay.of("CREATE TABLE item (id integer PRIMARY KEY); CREATE TABLE secret (id integer)", "item");
    }

    @Test
    @TopologyFrom("oneOfTwoTables")
    @Behaviour("trunc-mixed-published")
    void of_many_truncated_tables_only_the_published_are_emptied(MiniCluster cluster, Node primary, Node copy) {
        primary.execute("INSERT INTO item VALUES (1)");
        cluster.awaitReplicated();
        copy.execute("INSERT INTO secret VALUES (1)");

        primary.execute("TRUNCATE item, secret");

        cluster.awaitReplicated();
        assertThat(copy).table("item").isEmpty();
        assertThat(copy).table("secret").hasRows(row(1));
    }

    static Topology followedTwice() {
        return OneWay.of(
                "CREATE TABLE entry (name text)",
                primary -> primary.publishes("pub", "entry"),
                copy -> copy.subscription(
                                "first_sub", sub -> sub.to("primary", "pub").copyData(false))
                        .subscription(
                                "second_sub", sub -> sub.to("primary", "pub").copyData(false)));
    }

    @Test
    @TopologyFrom("followedTwice")
    @Behaviour("trunc-two-subscriptions")
    void two_subscriptions_that_replay_one_truncate_both_finish(MiniCluster cluster, Node primary, Node copy) {
        ServerLog.Mark mark = copy.log().mark();

        for (int round = 0; round < 20; round++) {
            primary.execute("INSERT INTO entry VALUES ('gone soon')");
            primary.execute("TRUNCATE entry");
        }

        cluster.awaitReplicated();
        assertThat(copy).table("entry").isEmpty();
        assertThat(copy.log().since(mark)).doesNotContain("deadlock");
    }

    @Test
    @RequiresPostgres(max = 13, because = "from 14 on TRUNCATE is decoded without its table's lock")
    @Behaviour("trunc-sync-standby-hang")
    void a_truncate_hangs_while_the_copy_is_a_synchronous_standby(MiniCluster cluster, Node primary, Node copy)
            throws Exception {
        SynchronousStandbys.waitFor(cluster, primary, "sub");
        primary.execute("INSERT INTO item VALUES (1, 'other writes get through')");
        assertThat(copy).table("item").hasRows(row(1, "other writes get through"));

        try (Session session = primary.session()) {
            int pid = session.backendPid();
            CompletableFuture<Long> truncate = CompletableFuture.supplyAsync(() -> session.execute("TRUNCATE item"));

            cluster.awaitValue(primary, "SELECT wait_event FROM pg_stat_activity WHERE pid = " + pid, "SyncRep");
            // It waits for the walsender, and the walsender for its lock.
            cluster.awaitValue(primary, "SELECT pg_blocking_pids(pid) FROM pg_stat_replication", "{" + pid + "}");
            assertThat(truncate).isNotDone();

            primary.execute("ALTER SYSTEM RESET synchronous_standby_names");
            primary.query("SELECT pg_reload_conf()");
            truncate.get(30, TimeUnit.SECONDS);
        }
        cluster.awaitReplicated();
        assertThat(copy).table("item").isEmpty();
    }
}
