package org.pgminicluster.cluster;

import static org.pgminicluster.assertj.MiniClusterAssertions.assertThat;
import static org.pgminicluster.assertj.MiniClusterAssertions.row;

import org.junit.jupiter.api.Test;
import org.pgminicluster.junit.MiniClusterTest;
import org.pgminicluster.junit.RequiresPostgres;
import org.pgminicluster.junit.TopologyFrom;
import org.pgminicluster.server.ServerLog;
import org.pgminicluster.topology.Topology;

/** Every name may hold quotes, blanks, backslashes, capitals and letters of any script, and works from end to end. */
@MiniClusterTest
class OddNamesIT {

    private static final String QUOTED = "tab'le \"x\"";
    private static final String UNICODE = "Ünï cödé";
    private static final String DOTTED = "\"My Schema\".\"таблица.表\"";

    static Topology odd() {
        return Topology.named("odd 'names' \"x\"")
                .database("Rep \"x\"")
                .schema("""
                        CREATE SCHEMA "My Schema";
                        CREATE TABLE "tab'le ""x""\" ("Id" integer PRIMARY KEY, "a ""b"" 'c'" text);
                        CREATE TABLE "Ünï cödé" ("Schlüssel" integer PRIMARY KEY, "select" text);
                        CREATE TABLE "My Schema"."таблица.表" (id integer PRIMARY KEY, имя text)""")
                .node("vm1", n -> n.publishes("Pub \"één\" 'x'", QUOTED, UNICODE, DOTTED))
                .node(
                        "vm2",
                        n -> n.readOnly(QUOTED, UNICODE, DOTTED)
                                .subscribes("Sub Ünï \\ \"x\" 'y'", "vm1", "Pub \"één\" 'x'"))
                .build();
    }

    @Test
    @TopologyFrom("org.pgminicluster.cluster.SmallTopologies#oneWay")
    @RequiresPostgres(min = 14, because = "the walsender of 13 does not understand what a subscriber makes of it")
    void a_publication_with_a_backslash_can_be_followed(MiniCluster cluster, Node vm1, Node vm2) {
        vm2.execute("DROP SUBSCRIPTION test_sub");
        vm1.execute("CREATE PUBLICATION \"a\\b\" FOR TABLE test");

        vm2.execute("CREATE SUBSCRIPTION backslash CONNECTION '" + vm2.conninfoTo(vm1, "backslash")
                + "' PUBLICATION \"a\\b\"");
        vm1.execute("INSERT INTO test VALUES (1, 'arrives')");

        cluster.awaitReplicated();
        assertThat(vm2).table("test").hasRows(row(1, "arrives"));
    }

    /** The walsender's grammar has no escape strings. That is why a topology is refused for 13. */
    @Test
    @TopologyFrom("org.pgminicluster.cluster.SmallTopologies#oneWay")
    @RequiresPostgres(max = 13, because = "14 understands what a subscriber makes of it")
    void a_publication_with_a_backslash_can_be_made_but_not_followed(MiniCluster cluster, Node vm1, Node vm2) {
        vm1.execute("CREATE PUBLICATION \"a\\b\" FOR TABLE test");
        ServerLog.Mark mark = vm2.log().mark();

        vm2.execute("CREATE SUBSCRIPTION backslash CONNECTION '" + vm2.conninfoTo(vm1, "backslash")
                + "' PUBLICATION \"a\\b\" WITH (copy_data = false)");

        cluster.awaitLog(vm2, mark, "could not start WAL streaming: ERROR:  syntax error");
    }

    @Test
    @TopologyFrom("odd")
    void rows_arrive_whatever_the_names_and_the_guards_hold(MiniCluster cluster, Node vm1, Node vm2) {
        vm1.execute("INSERT INTO \"tab'le \"\"x\"\"\" VALUES (1, 'it''s \\ \"x\"')");
        vm1.execute("INSERT INTO \"Ünï cödé\" VALUES (1, 'größe')");
        vm1.execute("INSERT INTO \"My Schema\".\"таблица.表\" VALUES (1, NULL)");

        assertThat(cluster).table(QUOTED).convergesOn("vm1", "vm2");
        assertThat(cluster).table(UNICODE).convergesOn("vm1", "vm2");
        assertThat(cluster).table(DOTTED).convergesOn("vm1", "vm2");
        assertThat(vm2).table(QUOTED).hasRows(row(1, "it's \\ \"x\""));
        assertThat(vm2).table(UNICODE).hasRows(row(1, "größe"));
        assertThat(vm2).table(DOTTED).hasRows(row(1, null));
        assertThat(vm2)
                .rejects("TRUNCATE \"tab'le \"\"x\"\"\"")
                .withMessage("Cannot modify table.")
                .withHint("Table \"tab'le \"\"x\"\"\" is a read-only copy on this node.");
        assertThat(vm2).rejects("DELETE FROM \"Ünï cödé\"").withMessage("Cannot modify table.");
        assertThat(vm2).rejects("UPDATE \"My Schema\".\"таблица.表\" SET id = 2").withMessage("Cannot modify table.");
        cluster.awaitReplicated(vm2, "Sub Ünï \\ \"x\" 'y'");
    }
}
