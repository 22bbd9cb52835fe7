package org.pgminicluster.cluster;

import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.pgminicluster.assertj.MiniClusterAssertions.assertThat;
import static org.pgminicluster.assertj.MiniClusterAssertions.row;

import org.junit.jupiter.api.Test;
import org.pgminicluster.MiniClusterException;
import org.pgminicluster.topology.Topology;

/** What a schema or seed script sets ends with the script: nothing that comes after it is another for it. */
class ScriptStateIT {

    private static final String TABLES =
            "CREATE TABLE public.kind (id int PRIMARY KEY); CREATE TABLE public.item (id int PRIMARY KEY, kind int REFERENCES public.kind);";

    private static final String ROWS = "INSERT INTO public.kind VALUES (1); INSERT INTO public.item VALUES (1, 1);";

    private static final String SETTINGS = """
            SET timezone = 'Asia/Tokyo';
            SET session_replication_role = replica;
            SET statement_timeout = '5s';
            CREATE TEMPORARY TABLE item (wrong text);
            SELECT pg_advisory_lock(1);
            CREATE ROLE somebody;
            SELECT pg_catalog.set_config('search_path', '', false);
            """;

    @Test
    void settings_roles_and_temporary_tables_end_with_the_script() {
        Topology topology = Topology.named("script state")
                .node(
                        "pub",
                        pub -> pub.schema(
                                        TABLES + SETTINGS + "SET ROLE somebody; SET default_transaction_read_only = on")
                                .publishes("p", "item", "kind"))
                .node(
                        "sub",
                        sub -> sub.schema(TABLES)
                                .seed(SETTINGS
                                        + "SET SESSION AUTHORIZATION somebody; SET default_transaction_read_only = on")
                                .readOnly("item", "kind")
                                .subscribes("s", "pub", "p"))
                .build();

        try (MiniCluster cluster = MiniCluster.start(topology)) {
            Node pub = cluster.node("pub"), sub = cluster.node("sub");
            String session =
                    "SELECT current_setting('search_path'), current_setting('session_replication_role'), current_user,"
                            + " session_user, current_setting('timezone') = 'Asia/Tokyo', current_setting('statement_timeout'),"
                            + " current_setting('default_transaction_read_only')";
            assertThat(pub)
                    .query(session)
                    .hasRows(row("\"$user\", public", "origin", "postgres", "postgres", false, "0", "off"));
            assertThat(sub)
                    .query(session)
                    .hasRows(row("\"$user\", public", "origin", "postgres", "postgres", false, "0", "off"));

            pub.execute(ROWS);
            assertThat(cluster).table("item").convergesOn("pub", "sub");
            assertThat(pub).query("SELECT * FROM item").hasRows(row(1, 1));
            assertThat(sub).rejects("DELETE FROM item").withMessage("Cannot modify table.");
            assertThat(pub).rejects("INSERT INTO item VALUES (2, 2)").withSqlState("23503");
            assertThat(sub).query("SELECT pg_try_advisory_lock(1)").hasValue(true);
        }
    }

    /** Rows that break a foreign key get in with the script, as it says, and no others after it. */
    @Test
    void a_seed_that_turns_guards_and_foreign_keys_off_does_so_for_itself_alone() {
        Topology topology = Topology.named("replica seed")
                .schema(TABLES)
                .node("pub", pub -> pub.publishes("p", "kind"))
                .node(
                        "sub",
                        sub -> sub.seed("SET session_replication_role = replica; INSERT INTO item VALUES (7, 7)")
                                .owns("item")
                                .readOnly("kind")
                                .subscribes("s", "pub", "p"))
                .build();

        try (MiniCluster cluster = MiniCluster.start(topology)) {
            Node sub = cluster.node("sub");
            assertThat(sub).table("item").hasRows(row(7, 7));
            assertThat(sub).rejects("DELETE FROM kind").withMessage("Cannot modify table.");
            assertThat(sub).rejects("INSERT INTO item VALUES (8, 8)").withSqlState("23503");
        }
    }

    /** What it alters for all sessions to come is in force, and what the topology names is found all the same. */
    @Test
    void what_a_schema_alters_for_the_database_stays_and_names_in_the_topology_mean_what_they_say() {
        String schema = "CREATE SCHEMA app; CREATE TABLE app.item (id int PRIMARY KEY, decoy text);"
                + "ALTER DATABASE rep SET search_path = app; CREATE TABLE public.item (id int PRIMARY KEY)";
        Topology topology = Topology.named("altered database")
                .database("rep")
                .schema(schema)
                .node("pub", pub -> pub.publishes("p", "item"))
                .node("sub", sub -> sub.readOnly("item").subscribes("s", "pub", "p"))
                .build();

        try (MiniCluster cluster = MiniCluster.start(topology)) {
            Node pub = cluster.node("pub"), sub = cluster.node("sub");
            pub.execute("INSERT INTO public.item VALUES (1)");

            assertThat(cluster).table("item").convergesOn("pub", "sub");
            assertThat(sub).table("item").hasRows(row(1));
            assertThat(sub).rejects("DELETE FROM public.item").withMessage("Cannot modify table.");
            assertThat(sub).query("SELECT * FROM item").isEmpty();
            sub.execute("INSERT INTO item VALUES (2, 'found by the search path')");
        }
    }

    @Test
    void a_transaction_that_a_script_leaves_open_is_refused() {
        Topology topology = Topology.named("left open")
                .node(
                        "pub",
                        pub -> pub.schema("BEGIN; CREATE TABLE t (id int PRIMARY KEY);")
                                .publishes("p", "t"))
                .node(
                        "sub",
                        sub -> sub.schema("CREATE TABLE t (id int PRIMARY KEY)").subscribes("s", "pub", "p"))
                .build();

        assertThatThrownBy(() -> MiniCluster.start(topology))
                .isInstanceOf(MiniClusterException.class)
                .hasMessage(
                        "expected the transaction that begins in line 1 of the schema of pub to be ended there, but it is"
                                + " still open at its end; end it with COMMIT");
    }
}
