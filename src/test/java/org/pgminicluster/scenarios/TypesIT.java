package org.pgminicluster.scenarios;

import static org.pgminicluster.assertj.MiniClusterAssertions.assertThat;
import static org.pgminicluster.assertj.MiniClusterAssertions.row;

import org.junit.jupiter.api.Test;
import org.pgminicluster.cluster.MiniCluster;
import org.pgminicluster.cluster.Node;
import org.pgminicluster.junit.Behaviour;
import org.pgminicluster.junit.MiniClusterTest;
import org.pgminicluster.junit.TopologyFrom;
import org.pgminicluster.topology.Topology;

/**
 * Values travel as text: the copy must be able to read what the publisher writes, no more.
 *
 * @see <a href="https://www.postgresql.org/docs/13/logical-replication-subscription.html">Subscription</a>
 */
@MiniClusterTest
class TypesIT {

    static Topology arrays() {
        return OneWay.of(
                "CREATE TABLE item (id integer[] PRIMARY KEY, words text[], weights float8[], spans interval[])",
                "item");
    }

    @Test
    @TopologyFrom("arrays")
    @Behaviour("type-arrays-and-nulls")
    void arrays_and_the_nulls_in_them_arrive_even_as_keys(MiniCluster cluster, Node primary, Node copy) {
        primary.execute("""
                INSERT INTO item VALUES
                    ('{1,NULL}', '{a,NULL,"b c","NULL"}', '{1.5,NULL,Infinity}', '{1 day,NULL}'),
                    ('{2,3}', NULL, '{}', '{{1 hour},{2 mons}}'),
                    ('{4}', '{gone}', NULL, NULL)""");
        primary.execute("UPDATE item SET id = '{2,NULL,3}', words = '{\"\"}' WHERE id = '{2,3}'");
        primary.execute("DELETE FROM item WHERE id = '{4}'");

        cluster.awaitReplicated();
        assertThat(copy)
                .table("item")
                .hasRows(
                        row("{1,NULL}", "{a,NULL,\"b c\",\"NULL\"}", "{1.5,NULL,Infinity}", "{\"1 day\",NULL}"),
                        row("{2,NULL,3}", "{\"\"}", "{}", "{{01:00:00},{\"2 mons\"}}"));
    }

    static Topology enums() {
        return OneWay.apart(
                primary -> primary.schema("CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy')")
                        .schema("CREATE TABLE item (id mood PRIMARY KEY, past mood[])")
                        .publishes("pub", "item"),
                copy -> OneWay.streams("pub")
                        .accept(copy.schema("CREATE TYPE mood AS ENUM ('happy', 'ok', 'sad', 'only here')")
                                .schema("CREATE TABLE item (id mood PRIMARY KEY, past mood[])")));
    }

    @Test
    @TopologyFrom("enums")
    @Behaviour("type-enums")
    void enum_values_go_by_label_even_as_keys(MiniCluster cluster, Node primary, Node copy) {
        primary.execute("INSERT INTO item VALUES ('sad', '{ok,NULL}'), ('ok', '{}'), ('happy', NULL)");
        primary.execute("UPDATE item SET past = '{sad,happy}' WHERE id = 'ok'");
        primary.execute("DELETE FROM item WHERE id = 'happy'");

        cluster.awaitReplicated();
        assertThat(copy).table("item").hasRows(row("sad", "{ok,NULL}"), row("ok", "{sad,happy}"));
    }

    static Topology ranges() {
        return OneWay.of(
                "CREATE TABLE item (id int4range PRIMARY KEY, big int8range, period tstzrange, many int4range[])",
                "item");
    }

    @Test
    @TopologyFrom("ranges")
    @Behaviour("type-ranges")
    void ranges_arrive_in_canonical_form(MiniCluster cluster, Node primary, Node copy) {
        primary.execute("""
                INSERT INTO item VALUES
                    ('[1,9]', '(,5]', '[2020-01-01 00:00+00,infinity)', '{"[1,2]",empty}'), ('[10,11]', NULL, NULL, NULL)""");
        primary.execute("UPDATE item SET id = '(20,)' WHERE id = '[10,12)'");

        cluster.awaitReplicated();
        assertThat(copy)
                .table("item")
                .hasRows(
                        row("[1,10)", "(,6)", "[\"2020-01-01 00:00:00+00\",infinity)", "{\"[1,3)\",empty}"),
                        row("[21,)", null, null, null));
    }

    static Topology otherTypes() {
        return OneWay.apart(
                primary -> primary.schema("CREATE TABLE item (id integer PRIMARY KEY, name varchar(20), size integer)")
                        .seed("INSERT INTO item VALUES (1, 'copied', 10)")
                        .publishes("pub", "item"),
                copy -> copy.schema("CREATE TABLE item (id bigint PRIMARY KEY, name text, size text)")
                        .subscribes("sub", "primary", "pub"));
    }

    @Test
    @TopologyFrom("otherTypes")
    @Behaviour("type-text-convertible-mismatch")
    void a_column_may_have_any_type_that_reads_the_publishers_text(MiniCluster cluster, Node primary, Node copy) {
        cluster.awaitSynced();

        primary.execute("INSERT INTO item VALUES (2, 'streamed', 20), (3, 'gone', 30)");
        primary.execute("UPDATE item SET size = 11 WHERE id = 1");
        primary.execute("DELETE FROM item WHERE id = 3");

        cluster.awaitReplicated();
        assertThat(copy).table("item").hasRows(row(1, "copied", "11"), row(2, "streamed", "20"));
    }

    static Topology domains() {
        return OneWay.of("""
                CREATE TABLE known (word text);
                INSERT INTO known VALUES ('yes');
                CREATE FUNCTION is_known(text) RETURNS boolean LANGUAGE sql
                    AS 'SELECT EXISTS (SELECT FROM public.known WHERE word = $1)';
                CREATE DOMAIN known_word AS text CHECK (is_known(VALUE));
                CREATE TABLE item (id integer PRIMARY KEY, word known_word);
                """, "item");
    }

    @Test
    @TopologyFrom("domains")
    @Behaviour("type-domain-with-sql-check")
    void a_domain_whose_check_reads_a_table_can_be_applied(MiniCluster cluster, Node primary, Node copy) {
        primary.execute("INSERT INTO item VALUES (1, 'yes')");
        primary.execute("UPDATE item SET id = 2");

        cluster.awaitReplicated();
        assertThat(copy).table("item").hasRows(row(2, "yes"));
        assertThat(copy).rejects("INSERT INTO item VALUES (3, 'no')").withSqlState("23514");
    }

    @Test
    @TopologyFrom("otherTypes")
    @Behaviour("type-encoding-conversion")
    void text_is_converted_to_the_encoding_of_the_copy(MiniCluster cluster, Node primary, Node copy) {
        copy.execute("CREATE DATABASE latin TEMPLATE template0 ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C'");
        Node latin = copy.in("latin");
        latin.execute("CREATE TABLE item (id integer PRIMARY KEY, name text, size integer)");
        latin.execute("CREATE SUBSCRIPTION latin_sub CONNECTION '" + latin.conninfoTo(primary, "latin_sub")
                + "' PUBLICATION pub WITH (copy_data = false)");

        primary.execute("INSERT INTO item VALUES (2, 'Grüße', 20)");

        cluster.awaitReplicated(latin, "latin_sub");
        latin.execute("CREATE VIEW stored AS SELECT name, octet_length(name) FROM item");
        assertThat(latin).table("stored").as("one byte a letter").hasRows(row("Grüße", 5));
    }
}
