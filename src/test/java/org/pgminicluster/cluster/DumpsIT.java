package org.pgminicluster.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.pgminicluster.assertj.MiniClusterAssertions.row;

import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.pgminicluster.assertj.MiniClusterAssertions;
import org.pgminicluster.junit.RequiresPostgres;
import org.pgminicluster.junit.RequiresProgram;
import org.pgminicluster.server.ServerSettings;
import org.pgminicluster.session.SqlFailedException;
import org.pgminicluster.topology.Topology;

/** A plain dump is a schema as it is. */
class DumpsIT {

    private static final String RENTAL = "org/pgminicluster/dumps/rental.sql";
    private static final String SHOP = "org/pgminicluster/dumps/shop.sql";

    private static final String[] TABLES = {"film", "staff"};

    private static String dumped(Node node, String... options) {
        String dump = node.program("pg_dump", options).output();
        return dump.lines()
                .filter(line -> !line.matches("\\\\(un)?restrict .*"))
                .collect(Collectors.joining("\n"));
    }

    /** Types, domains, partitions, triggers, rules, policies, owners, rights and rows: all of it is there again. */
    @Test
    @RequiresProgram("pg_dump")
    @RequiresPostgres(min = 11, because = "10 has no keys of partitioned tables")
    void what_a_node_dumps_makes_the_same_cluster_again() {
        String[] all = {"--no-publications", "--no-subscriptions"};
        String[] schema = {"--no-publications", "--no-subscriptions", "--schema-only"};
        Topology first = Topology.named("dumped")
                .node("pub", pub -> pub.schemaFrom(RENTAL).publishes("p", TABLES))
                .build();
        String dump, empty;
        try (MiniCluster cluster = MiniCluster.start(first)) {
            Node pub = cluster.node("pub");
            MiniClusterAssertions.assertThat(pub)
                    .query("SELECT film_id, title, description FROM film WHERE film_id >= 3")
                    .hasRows(
                            row(3, "back\\slash", "tab\there\nnew line -- no comment /* nor this"),
                            row(4, "Ünïcödé 🎬", "\\."));
            dump = pub.program("pg_dump", all).output();
            empty = pub.program("pg_dump", schema).output();
        }
        Topology second = Topology.named("dumped again")
                .node("pub", pub -> pub.schema(dump).publishes("p", TABLES))
                .node("sub", sub -> sub.schema(empty).readOnly("film").subscribes("s", "pub", "p"))
                .build();
        try (MiniCluster cluster = MiniCluster.start(second)) {
            Node pub = cluster.node("pub");
            pub.execute("INSERT INTO film (title) VALUES ('after the dump')");
            for (String table : TABLES) {
                MiniClusterAssertions.assertThat(cluster).table(table).convergesOn("pub", "sub");
            }
            pub.execute("DELETE FROM film WHERE film_id = 1001");
            pub.execute("SELECT setval('film_film_id_seq', 1000)");
            assertThat(dumped(pub, all)).isEqualTo(withoutKeys(dump)).contains("COPY public.payment_2026_01");
            assertThat(dumped(cluster.node("sub"), schema))
                    .contains("CREATE POLICY own_rows")
                    .startsWith("--\n");
        }
    }

    private static String withoutKeys(String dump) {
        return dump.lines()
                .filter(line -> !line.matches("\\\\(un)?restrict .*"))
                .collect(Collectors.joining("\n"));
    }

    /** As pg_dump of 10 writes it with --create, --clean and a server whose literals take backslashes. */
    @Test
    void a_dump_of_the_whole_database_is_taken_where_that_has_its_name() {
        Topology topology = Topology.named("shop")
                .database("shop")
                .schemaFrom(SHOP)
                // As a dump has it where nobody may connect whom it does not name.
                .schema("REVOKE CONNECT ON DATABASE shop FROM PUBLIC; GRANT CONNECT ON DATABASE shop TO replicator")
                .node("office", office -> office.publishes("p", "orders"))
                .node(
                        "till",
                        till -> till.subscription("s", s -> s.to("office", "p").with("copy_data", "false")))
                .build();
        try (MiniCluster cluster = MiniCluster.start(topology)) {
            Node office = cluster.node("office");
            office.execute("INSERT INTO orders VALUES (1, 'ALFKI', 1)");

            MiniClusterAssertions.assertThat(cluster).table("orders").convergesOn("office", "till");
            MiniClusterAssertions.assertThat(office)
                    .query("SELECT description FROM categories WHERE category_id > 1 ORDER BY 1")
                    .hasRows(row("Sweet and savory sauces\\; relishes 'as said' in C:\\dir\\"), row("two\nlines"));
            MiniClusterAssertions.assertThat(office)
                    .query("SELECT r.rolname, r.rolcanlogin FROM pg_database d JOIN pg_roles r ON r.oid = d.datdba"
                            + " WHERE d.datname = 'shop'")
                    .hasRows(row("shop_admin", false));
            MiniClusterAssertions.assertThat(office)
                    .query("SELECT has_table_privilege('shop_app', 'orders', 'DELETE')")
                    .hasValue(true);
        }
    }

    /** As Rails keeps it: many tables, and the versions of its migrations at the end. */
    @Test
    void a_schema_of_many_tables() {
        String tables = IntStream.rangeClosed(1, 140).mapToObj("""
                        --
                        -- Name: things_%1$d; Type: TABLE; Schema: public; Owner: -
                        --

                        CREATE TABLE public.things_%1$d (
                            id bigint NOT NULL,
                            name character varying DEFAULT 'a;b'::character varying NOT NULL,
                            settings jsonb DEFAULT '{}'::jsonb,
                            created_at timestamp(6) without time zone NOT NULL
                        );

                        CREATE SEQUENCE public.things_%1$d_id_seq START WITH 1 INCREMENT BY 1 NO MINVALUE NO MAXVALUE CACHE 1;
                        ALTER SEQUENCE public.things_%1$d_id_seq OWNED BY public.things_%1$d.id;
                        ALTER TABLE ONLY public.things_%1$d ALTER COLUMN id SET DEFAULT nextval('public.things_%1$d_id_seq'::regclass);
                        ALTER TABLE ONLY public.things_%1$d
                            ADD CONSTRAINT things_%1$d_pkey PRIMARY KEY (id);
                        CREATE INDEX index_things_%1$d_on_name ON public.things_%1$d USING btree (name);

                        """::formatted).collect(Collectors.joining());
        String structure =
                "SET statement_timeout = 0;\nSELECT pg_catalog.set_config('search_path', '', false);\n" + tables
                        + "CREATE TABLE public.schema_migrations (version character varying NOT NULL);\n"
                        + "SET search_path TO \"$user\", public;\n\n"
                        + "INSERT INTO \"schema_migrations\" (version) VALUES\n('20260101000000'),\n('20260102000000');\n\n\n";
        Topology topology = Topology.named("rails")
                .schema(structure)
                .node("primary", n -> n.publication("p", p -> p.allTables()))
                .node("copy", n -> n.subscription("s", s -> s.to("primary", "p").with("copy_data", "false")))
                .build();
        try (MiniCluster cluster = MiniCluster.start(topology)) {
            Node primary = cluster.node("primary");
            primary.execute("INSERT INTO things_140 (created_at) VALUES ('2026-01-01')");

            MiniClusterAssertions.assertThat(cluster).table("things_140").convergesOn("primary", "copy");
            MiniClusterAssertions.assertThat(primary)
                    .query("SELECT count(*) FROM schema_migrations")
                    .hasValue(2);
        }
    }

    @Test
    @RequiresPostgres(min = 14, because = "functions of standard SQL came with 14")
    void bodies_and_rules_hold_semicolons_of_their_own() {
        String function = "CREATE FUNCTION f(i int) RETURNS text LANGUAGE sql BEGIN ATOMIC SELECT 'a;';"
                + " SELECT CASE WHEN i = 1 THEN CASE WHEN i > 0 THEN 'one; end' END END; SELECT f2(i); END;";
        Topology topology = Topology.named("semicolons")
                .node(
                        "vm1",
                        n -> n.schema(
                                "CREATE FUNCTION f2(int) RETURNS text LANGUAGE sql RETURN 'two';" + function
                                        + "CREATE TABLE t (i int); CREATE RULE r AS ON INSERT TO t DO ALSO (SELECT 1; SELECT 2);"))
                .build();
        try (MiniCluster cluster = MiniCluster.start(topology)) {
            MiniClusterAssertions.assertThat(cluster.node("vm1"))
                    .query("SELECT f(1)")
                    .hasValue("two");
        }
    }

    private static void refused(Topology topology, String message) {
        assertThatThrownBy(() -> MiniCluster.start(topology))
                .isInstanceOf(SqlFailedException.class)
                .hasMessage(message);
    }

    private static Topology.Builder schema(String sql) {
        return Topology.named("refused").node("vm1", n -> n.schema(sql));
    }

    @Test
    void a_row_that_the_server_refuses_is_told_by_its_line() {
        refused(
                schema("CREATE TABLE t (a int, b int);\n\nCOPY t FROM stdin;\n1\t1\n2\t2\n3\n\\.\n")
                        .build(),
                "vm1 refused \"COPY t FROM stdin\" (line 6 of the schema of vm1): ERROR: missing data for column \"b\"\n"
                        + "  Where: COPY t, line 3: \"3\"");
    }

    @Test
    void a_dump_of_a_newer_major_says_so_where_it_fails() {
        refused(
                schema(
                                "-- Dumped from database version 99.1\n-- Dumped by pg_dump version 98.0\n\nSET\n  future = 0;\n")
                        .build(),
                "vm1 refused \"SET\n  future = 0\" (line 4 of the schema of vm1): ERROR: unrecognized configuration"
                        + " parameter \"future\"\nThe script is a dump for PostgreSQL 99, and the server is "
                        + ServerSettings.fromSystemProperties().major().orElse(0)
                        + ": take this out of it, or run with -Dminicluster.postgres=99.");
    }

    @Test
    void a_variable_of_psql_is_named_as_such() {
        refused(
                schema("SELECT 1,\n  :'name'").build(),
                "vm1 refused \"SELECT 1,\n  :'name'\" (line 2 of the schema of vm1): ERROR: syntax error at or near"
                        + " \":\"\n  Position: 13\nVariables are for psql: write the value where this one is used.");
    }

    @Test
    void roles_are_missed_where_they_must_exist() {
        refused(
                schema("CREATE TABLE t (id int); ALTER TABLE t OWNER TO nobody_yet")
                        .rolesMustExist()
                        .build(),
                "vm1 refused \"ALTER TABLE t OWNER TO nobody_yet\" (line 1 of the schema of vm1): ERROR: role"
                        + " \"nobody_yet\" does not exist");
    }
}
