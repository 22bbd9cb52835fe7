package org.pgminicluster.scenarios;

import static org.assertj.core.api.Assertions.assertThat;
import static org.pgminicluster.assertj.MiniClusterAssertions.assertThat;
import static org.pgminicluster.assertj.MiniClusterAssertions.row;

import org.junit.jupiter.api.Test;
import org.pgminicluster.cluster.MiniCluster;
import org.pgminicluster.cluster.Node;
import org.pgminicluster.junit.Behaviour;
import org.pgminicluster.junit.MiniClusterTest;
import org.pgminicluster.junit.RequiresPostgres;
import org.pgminicluster.junit.TopologyFrom;
import org.pgminicluster.junit.Unsynced;
import org.pgminicluster.server.ServerLog;
import org.pgminicluster.state.Lsn;
import org.pgminicluster.topology.Topology;

/**
 * Why the guard is a pair of statement triggers in the default enable state: every other variant either stops
 * replication or lets writers in.
 *
 * @see <a href="https://www.postgresql.org/docs/13/logical-replication-architecture.html">Architecture</a>
 * @see <a href="https://www.postgresql.org/docs/13/sql-altertable.html">ENABLE REPLICA / ALWAYS TRIGGER</a>
 */
@MiniClusterTest
@TopologyFrom("streamed")
class GuardVariantsIT {

    private static final String REFUSAL = "Cannot modify table.";

    private static final String TABLES = """
            CREATE TABLE item (id integer PRIMARY KEY, name text);
            CREATE TABLE other (id integer PRIMARY KEY, name text);
            """;

    static Topology streamed() {
        return OneWay.of(
                TABLES,
                primary -> primary.publishes("pub", "item", "other"),
                copy -> OneWay.streams("pub").accept(copy.readOnly("item")));
    }

    static Topology copiedPastAnAlwaysGuard() {
        return OneWay.of(
                TABLES,
                primary ->
                        primary.seed("INSERT INTO other VALUES (1, 'copied')").publishes("pub", "item", "other"),
                copy -> copy.schema("""
                        CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$
                        BEGIN
                            RAISE EXCEPTION 'Cannot modify table.';
                        END $$;
                        CREATE TRIGGER refuse BEFORE INSERT ON item EXECUTE PROCEDURE refuse();
                        ALTER TABLE item ENABLE ALWAYS TRIGGER refuse;
                        """).subscribes("sub", "primary", "pub"));
    }

    @Test
    @TopologyFrom("copiedPastAnAlwaysGuard")
    @Unsynced
    @Behaviour("trg-always-statement-guard-breaks-sync")
    void an_always_statement_guard_keeps_even_an_empty_table_from_being_copied(MiniCluster cluster, Node copy) {
        ServerLog.Mark mark = copy.log().mark();

        cluster.awaitLog(copy, mark, WorkerLog.error(copy, REFUSAL));

        cluster.awaitValue(copy, stateOf("other"), "r");
        assertThat(copy).table("other").as("another table is not held up").hasRows(row(1, "copied"));
        cluster.awaitValue(copy, stateOf("item"), "d");
        copy.execute("ALTER TABLE item ENABLE TRIGGER refuse");
        cluster.awaitSynced();
    }

    private static String stateOf(String table) {
        return "SELECT srsubstate FROM pg_subscription_rel WHERE srrelid = '" + table + "'::regclass";
    }

    @Test
    @Behaviour({"trg-always-statement-guard-breaks-sync", "trg-statement-triggers-never-in-apply"})
    void streamed_rows_pass_an_always_statement_guard_that_stops_even_the_replica_role(
            MiniCluster cluster, Node primary, Node copy) {
        copy.execute("ALTER TABLE item ENABLE ALWAYS TRIGGER read_only_write");

        primary.execute("INSERT INTO item VALUES (1, 'streamed')");

        cluster.awaitReplicated();
        assertThat(copy).table("item").hasRows(row(1, "streamed"));
        assertThat(copy)
                .rejects("SET session_replication_role = replica; DELETE FROM item")
                .withMessage(REFUSAL);
    }

    @Test
    @Behaviour("trg-row-guard-stops-apply")
    void an_always_row_guard_stops_the_whole_subscription_until_it_is_gone(
            MiniCluster cluster, Node primary, Node copy) {
        copy.execute("""
                DROP TRIGGER read_only_write ON item;
                CREATE TRIGGER read_only_write BEFORE INSERT OR UPDATE OR DELETE ON item
                    FOR EACH ROW EXECUTE PROCEDURE refuse_write();
                ALTER TABLE item ENABLE ALWAYS TRIGGER read_only_write""");
        primary.execute("INSERT INTO item VALUES (1, 'stuck')");
        primary.execute("INSERT INTO other VALUES (1, 'behind it')");
        for (int attempt = 1; attempt <= 2; attempt++) {
            cluster.awaitLog(copy, copy.log().mark(), WorkerLog.error(copy, REFUSAL));
        }
        assertThat(copy).table("item").isEmpty();
        assertThat(copy).table("other").isEmpty();

        copy.execute("ALTER TABLE item ENABLE TRIGGER read_only_write");

        cluster.awaitReplicated();
        assertThat(copy).table("item").hasRows(row(1, "stuck"));
        assertThat(copy).table("other").hasRows(row(1, "behind it"));
    }

    @Test
    @Behaviour("trg-enable-replica-silent-for-local")
    void a_replica_guard_is_turned_round_writers_pass(Node copy) {
        copy.execute("ALTER TABLE item ENABLE REPLICA TRIGGER read_only_write");
        copy.execute("ALTER TABLE item ENABLE REPLICA TRIGGER read_only_truncate");

        copy.execute("INSERT INTO item VALUES (1, 'direct')");

        assertThat(copy).table("item").hasRows(row(1, "direct"));
        copy.execute("TRUNCATE item");
        assertThat(copy).table("item").isEmpty();
    }

    @Test
    @Behaviour("trg-truncate-is-own-event")
    @RequiresPostgres(min = 11, because = "before, no TRUNCATE was replicated")
    void an_always_truncate_guard_stops_the_subscription_at_a_replicated_truncate(
            MiniCluster cluster, Node primary, Node copy) {
        copy.execute("ALTER TABLE item ENABLE ALWAYS TRIGGER read_only_truncate");
        primary.execute("INSERT INTO item VALUES (1, 'outlives the truncate')");
        cluster.awaitReplicated();
        ServerLog.Mark mark = copy.log().mark();

        primary.execute("TRUNCATE item");

        cluster.awaitLog(copy, mark, WorkerLog.error(copy, REFUSAL));
        assertThat(copy).table("item").hasRows(row(1, "outlives the truncate"));
        copy.execute("ALTER TABLE item ENABLE TRIGGER read_only_truncate");
        cluster.awaitReplicated();
        assertThat(copy).table("item").isEmpty();
    }

    @Test
    @Behaviour("trg-statement-fires-on-zero-rows")
    void a_row_guard_has_nothing_against_a_write_that_matches_no_row(Node copy) {
        copy.execute("""
                DROP TRIGGER read_only_write ON item;
                CREATE TRIGGER read_only_write BEFORE INSERT OR UPDATE OR DELETE ON item
                    FOR EACH ROW EXECUTE PROCEDURE refuse_write()""");
        assertThat(copy).rejects("INSERT INTO item VALUES (1, 'direct')").withMessage(REFUSAL);

        copy.execute("UPDATE item SET name = 'direct'");
        copy.execute("DELETE FROM item");

        assertThat(copy).table("item").isEmpty();
    }

    @Test
    @Behaviour("trg-before-row-null-drops-change")
    void a_row_trigger_that_returns_null_drops_the_change_and_replication_goes_on(
            MiniCluster cluster, Node primary, Node copy) {
        primary.execute("INSERT INTO other VALUES (1, 'before')");
        cluster.awaitReplicated();
        copy.execute("""
                CREATE FUNCTION drop_change() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
                CREATE TRIGGER drop_change BEFORE INSERT OR UPDATE OR DELETE ON other
                    FOR EACH ROW EXECUTE PROCEDURE drop_change();
                ALTER TABLE other ENABLE REPLICA TRIGGER drop_change""");

        primary.execute("INSERT INTO other VALUES (2, 'dropped')");
        primary.execute("UPDATE other SET name = 'dropped'");
        primary.execute("DELETE FROM other WHERE id = 1");
        primary.execute("INSERT INTO item VALUES (1, 'marker')");

        cluster.awaitReplicated();
        assertThat(copy).table("other").hasRows(row(1, "before"));
        assertThat(copy).table("item").hasRows(row(1, "marker"));
    }

    @Test
    @Behaviour("trg-empty-search-path")
    void a_trigger_function_that_trusts_the_search_path_stops_apply(MiniCluster cluster, Node primary, Node copy) {
        copy.execute("""
                CREATE TABLE noted (id integer);
                CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN
                    INSERT INTO noted VALUES (NEW.id);
                    RETURN NULL;
                END $$;
                CREATE TRIGGER note AFTER INSERT ON other FOR EACH ROW EXECUTE PROCEDURE note();
                ALTER TABLE other ENABLE ALWAYS TRIGGER note""");
        copy.execute("INSERT INTO other VALUES (1, 'direct')");
        ServerLog.Mark mark = copy.log().mark();

        primary.execute("INSERT INTO other VALUES (2, 'replicated')");

        cluster.awaitLog(copy, mark, WorkerLog.error(copy, "relation \"noted\" does not exist"));
        copy.execute("ALTER FUNCTION note() SET search_path = public");
        cluster.awaitReplicated();
        assertThat(copy).table("noted").hasRows(row(1), row(2));
    }

    @Test
    @Behaviour("trg-handled-exception-keeps-progress")
    void a_trigger_that_catches_its_own_exception_does_not_hold_progress_up(
            MiniCluster cluster, Node primary, Node copy) {
        copy.execute("""
                CREATE FUNCTION stumble() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN
                    RAISE EXCEPTION 'caught at once';
                EXCEPTION WHEN raise_exception THEN
                    RETURN NEW;
                END $$;
                CREATE TRIGGER stumble BEFORE INSERT ON other FOR EACH ROW EXECUTE PROCEDURE stumble();
                ALTER TABLE other ENABLE ALWAYS TRIGGER stumble""");

        primary.execute("INSERT INTO other VALUES (1, 'one')");
        cluster.awaitReplicated();
        String progress = "SELECT remote_lsn FROM pg_replication_origin_status";
        String before = String.valueOf(copy.query(progress).value());

        primary.execute("INSERT INTO other VALUES (2, 'two')");

        cluster.awaitReplicated();
        assertThat(copy).table("other").hasRows(row(1, "one"), row(2, "two"));
        assertThat(Lsn.parse(String.valueOf(copy.query(progress).value()))).isGreaterThan(Lsn.parse(before));
    }
}
