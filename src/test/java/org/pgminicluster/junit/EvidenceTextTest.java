package org.pgminicluster.junit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.pgminicluster.journal.Event;
import org.pgminicluster.journal.Journal;
import org.pgminicluster.journal.Row;
import org.pgminicluster.journal.Rows;
import org.pgminicluster.topology.Topology;

/** Who is who in the evidence, and what was done last. */
class EvidenceTextTest {

    @Test
    void every_node_says_what_it_is_a_standby_too() {
        Topology topology = Topology.named("shop")
                .schema("CREATE TABLE item (id integer PRIMARY KEY); CREATE SCHEMA archive")
                .node(
                        "till",
                        n -> n.publication("items", p -> p.tables("item"))
                                .publication(
                                        "old", p -> p.tablesInSchema("archive").tables("item"))
                                .publication("everything", p -> p.allTables()))
                .node("copy", n -> n.readOnly("item").subscribes("items_copy", "till", "items"))
                .node("idle")
                .standby("spare")
                .guarded()
                .of("copy")
                .standby("second")
                .of("till")
                .build();

        assertThat(EvidenceText.roles(topology)).isEqualTo("""
                    till  publishes items (item); publishes old (item, schema archive); publishes everything (all tables)
                    copy  subscribes by items_copy to till items; read-only item
                    idle
                    spare  guarded standby of copy
                    second  standby of till""".indent(4).stripTrailing());
    }

    @Test
    void client_programs_are_among_the_last_statements() {
        Journal journal = new Journal();
        journal.add("till", new Event.Sql("shop", "SELECT 1", new Event.Selected(one()), 1));
        journal.add("till", new Event.Step("a chapter", "which is no statement"));
        journal.add("copy", new Event.Observation("pg_dump --schema-only", "exit code 1\nno password supplied"));

        assertThat(EvidenceText.statements(journal, "copy"))
                .isEqualTo("/* copy # */\n    pg_dump --schema-only\n      exit code 1\n      no password supplied");
        assertThat(EvidenceText.statements(journal, "till"))
                .startsWith("/* till # */\n    SELECT 1\n")
                .doesNotContain("chapter");
        assertThat(EvidenceText.statements(journal, "spare")).isEqualTo("/* spare # */\n    none");
    }

    @Test
    void the_last_five_are_shown() {
        Journal journal = new Journal();
        IntStream.rangeClosed(1, 7)
                .forEach(i -> journal.add("till", new Event.Sql("shop", "DELETE " + i, new Event.Done(i), 1)));

        assertThat(EvidenceText.statements(journal, "till"))
                .startsWith("/* till # */\n    DELETE 3\n      OK, 3 rows\n")
                .endsWith("    DELETE 7\n      OK, 7 rows");
    }

    private static Rows one() {
        return new Rows(List.of("one"), List.of(Row.of(1)));
    }
}
