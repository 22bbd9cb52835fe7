package org.pgminicluster.scenarios;

import static org.assertj.core.api.Assertions.assertThat;
import static org.pgminicluster.assertj.MiniClusterAssertions.assertThat;
import static org.pgminicluster.assertj.MiniClusterAssertions.row;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.pgminicluster.cluster.MiniCluster;
import org.pgminicluster.cluster.Node;
import org.pgminicluster.junit.Behaviour;
import org.pgminicluster.junit.Homework;
import org.pgminicluster.junit.MiniClusterTest;
import org.pgminicluster.junit.TopologyFrom;
import org.pgminicluster.server.ServerLog;
import org.pgminicluster.session.Session;
import org.pgminicluster.state.Lsn;
import org.pgminicluster.topology.Topology;

/**
 * What happens when a replicated change meets rows that somebody else wrote: what has no place to go stops the whole
 * subscription, what has nothing to change is skipped without a word.
 *
 * @see <a href="https://www.postgresql.org/docs/13/logical-replication-conflicts.html">Conflicts</a>
 */
@MiniClusterTest
@TopologyFrom("twoTables")
class ConflictIT {

    static Topology twoTables() {
        return OneWay.of("""
                CREATE TABLE item (id integer PRIMARY KEY, name text);
                CREATE TABLE other (id integer PRIMARY KEY, name text);
                """, "item", "other");
    }

    @Test
    @Behaviour({"conf-insert-duplicate-stops", "conf-error-retry-loop"})
    void an_insert_that_meets_its_key_fails_again_and_again(MiniCluster cluster, Node primary, Node copy) {
        copy.execute("INSERT INTO item VALUES (1, 'local')");

        primary.execute("INSERT INTO item VALUES (1, 'remote')");

        for (int attempt = 1; attempt <= 3; attempt++) {
            cluster.awaitLog(copy, copy.log().mark(), "\"item_pkey\"");
        }
        assertThat(copy).table("item").hasRows(row(1, "local"));
    }

    @Test
    @Behaviour("conf-insert-duplicate-stops")
    void an_update_that_meets_the_unique_value_of_another_row_fails_too(MiniCluster cluster, Node primary, Node copy) {
        copy.execute("ALTER TABLE item ADD CONSTRAINT item_name UNIQUE (name)");
        primary.execute("INSERT INTO item VALUES (1, 'one')");
        cluster.awaitReplicated();
        copy.execute("INSERT INTO item VALUES (2, 'taken')");
        ServerLog.Mark mark = copy.log().mark();

        primary.execute("UPDATE item SET name = 'taken' WHERE id = 1");

        cluster.awaitLog(copy, mark, "\"item_name\"");
        assertThat(copy).table("item").hasRows(row(1, "one"), row(2, "taken"));
    }

    @Test
    @Behaviour({"conf-whole-subscription-stalls", "conf-fix-data-resumes"})
    void a_conflict_holds_up_unrelated_tables_until_the_data_is_mended(MiniCluster cluster, Node primary, Node copy) {
        copy.execute("INSERT INTO item VALUES (1, 'local')");
        primary.execute("INSERT INTO item VALUES (1, 'remote')");
        primary.execute("INSERT INTO other VALUES (1, 'unrelated')");
        for (int attempt = 1; attempt <= 2; attempt++) {
            cluster.awaitLog(copy, copy.log().mark(), "\"item_pkey\"");
        }
        assertThat(copy).table("other").isEmpty();

        copy.execute("DELETE FROM item WHERE name = 'local'");

        cluster.awaitReplicated();
        assertThat(copy).table("item").hasRows(row(1, "remote"));
        assertThat(copy).table("other").hasRows(row(1, "unrelated"));
    }

    @Test
    @Homework
    @Behaviour({"conf-other-subscriptions-continue", "conf-fix-data-resumes"})
    void a_stuck_subscription_leaves_all_others_alone(MiniCluster cluster, Node vm1, Node vm2, Node vm3) {
        cluster.awaitSynced();
        try (Session careless = vm3.session()) {
            careless.execute("SET session_replication_role = replica; INSERT INTO test VALUES (1, 'past the guard')");
            ServerLog.Mark mark = vm3.log().mark();
            vm1.execute("INSERT INTO test VALUES (1, 'from vm1')");
            cluster.awaitLog(vm3, mark, "\"test_pkey\"");

            vm2.execute("INSERT INTO test2 VALUES (2, 'from vm2')");

            cluster.awaitReplicated(vm3, "vm3_test2_sub");
            cluster.awaitReplicated(vm2, "test_sub");
            assertThat(vm3).table("test2").hasRows(row(2, "from vm2"));
            assertThat(vm2).table("test").hasRows(row(1, "from vm1"));
            assertThat(vm3).table("test").hasRows(row(1, "past the guard"));
            careless.execute("DELETE FROM test");
        }
        assertThat(cluster).table("test").convergesOn("vm1", "vm2", "vm3");
    }

    @Test
    @Behaviour("conf-update-missing-skipped")
    void an_update_whose_row_is_missing_is_skipped(MiniCluster cluster, Node primary, Node copy) {
        primary.execute("INSERT INTO item VALUES (1, 'one'), (2, 'two')");
        cluster.awaitReplicated();
        copy.execute("DELETE FROM item WHERE id = 1");
        ServerLog.Mark mark = copy.log().mark();

        primary.execute("UPDATE item SET name = name || '!'");

        cluster.awaitReplicated();
        assertThat(copy).table("item").hasRows(row(2, "two!"));
        assertThat(copy.log().since(mark)).doesNotContain("ERROR:");
    }

    @Test
    @Behaviour("conf-delete-missing-skipped")
    void a_delete_whose_row_is_missing_is_skipped(MiniCluster cluster, Node primary, Node copy) {
        primary.execute("INSERT INTO item VALUES (1, 'one'), (2, 'two'), (3, 'three')");
        cluster.awaitReplicated();
        copy.execute("DELETE FROM item WHERE id = 1");
        ServerLog.Mark mark = copy.log().mark();

        primary.execute("DELETE FROM item WHERE id < 3");

        cluster.awaitReplicated();
        assertThat(copy).table("item").hasRows(row(3, "three"));
        assertThat(copy.log().since(mark)).doesNotContain("ERROR:");
    }

    @Test
    @Behaviour("conf-local-change-overwritten")
    void an_update_wins_over_what_was_changed_on_the_copy(MiniCluster cluster, Node primary, Node copy) {
        primary.execute("INSERT INTO item VALUES (1, 'one')");
        cluster.awaitReplicated();
        copy.execute("UPDATE item SET name = 'changed on the copy'");
        ServerLog.Mark mark = copy.log().mark();

        primary.execute("UPDATE item SET name = 'changed on the primary'");

        cluster.awaitReplicated();
        assertThat(copy).table("item").hasRows(row(1, "changed on the primary"));
        assertThat(copy.log().since(mark)).doesNotContain("ERROR:");
    }

    @Test
    @Behaviour("conf-skip-loses-whole-transaction")
    void skipping_a_conflict_loses_all_that_was_written_with_it(MiniCluster cluster, Node primary, Node copy) {
        copy.execute("INSERT INTO item VALUES (1, 'local')");
        primary.execute("""
                BEGIN;
                INSERT INTO item VALUES (1, 'remote');
                INSERT INTO other VALUES (1, 'harmless');
                COMMIT""");
        Lsn afterConflict = primary.currentLsn();
        cluster.awaitLog(copy, copy.log().mark(), "\"item_pkey\"");
        copy.execute("ALTER SUBSCRIPTION sub DISABLE");
        // The process itself: it leaves the subscription's views first, and lets go of its origin then.
        cluster.awaitValue(
                copy,
                "SELECT count(*) FROM pg_stat_activity WHERE backend_type ~ '^(background|logical replication.*) worker$'"
                        + " AND datname = current_database()",
                0);

        copy.query(
                "SELECT pg_replication_origin_advance('pg_' || oid, ?::pg_lsn) FROM pg_subscription",
                afterConflict.toString());
        copy.execute("ALTER SUBSCRIPTION sub ENABLE");

        primary.execute("INSERT INTO item VALUES (2, 'marker')");
        cluster.awaitReplicated();
        assertThat(copy).table("item").hasRows(row(1, "local"), row(2, "marker"));
        assertThat(copy).table("other").isEmpty();
    }

    @Test
    @Homework
    @Behaviour("conf-read-only-subscriber-has-none")
    void copies_that_nobody_else_writes_have_no_conflicts(MiniCluster cluster, Node vm1, Node vm2, Node vm3) {
        cluster.awaitSynced();
        ServerLog.Mark start2 = vm2.log().mark();
        ServerLog.Mark start3 = vm3.log().mark();
        Random random = new Random(13);

        for (int i = 0; i < 300; i++) {
            int id = random.nextInt(20);
            switch (random.nextInt(4)) {
                case 0 -> vm1.execute("DELETE FROM test WHERE id = ?", id);
                case 1 -> vm1.execute("UPDATE test SET id = ?, name = ? WHERE id = ?", 100 + i, "moved", id);
                default ->
                    vm1.execute(
                            "INSERT INTO test VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET name = excluded.name",
                            id,
                            "write " + i);
            }
        }

        assertThat(cluster).table("test").convergesOn("vm1", "vm2", "vm3");
        assertThat(vm2.log().since(start2)).doesNotContain("ERROR:");
        assertThat(vm3.log().since(start3)).doesNotContain("ERROR:");
    }
}
