package org.pgminicluster.script;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.pgminicluster.topology.Publication;
import org.pgminicluster.topology.Publication.GeneratedColumns;
import org.pgminicluster.topology.Publication.Operation;
import org.pgminicluster.topology.Topology;

/** {@code CREATE PUBLICATION} in all its forms, and the rights to what each lists. */
class PublicationSqlTest {

    @Test
    void of_tables() {
        Publication publication = publication(p -> p.tables("test", "app.test", "Tab'le \"x\""));

        assertThat(PublicationSql.create(publication))
                .isEqualTo(
                        "CREATE PUBLICATION \"My pub\" FOR TABLE public.test, app.test, public.\"Tab'le \"\"x\"\"\"");
        assertThat(PublicationSql.grants(publication))
                .containsExactly(
                        "GRANT USAGE ON SCHEMA app TO replicator",
                        "GRANT SELECT ON public.test, app.test, public.\"Tab'le \"\"x\"\"\" TO replicator");
    }

    @Test
    void of_nothing_yet() {
        Publication publication = publication(p -> {});

        assertThat(PublicationSql.create(publication)).isEqualTo("CREATE PUBLICATION \"My pub\"");
        assertThat(PublicationSql.grants(publication)).isEmpty();
    }

    @Test
    void of_some_operations_in_the_order_of_the_manual() {
        assertThat(PublicationSql.create(publication(
                        p -> p.tables("test").publish(Operation.TRUNCATE, Operation.INSERT, Operation.DELETE))))
                .isEqualTo(
                        "CREATE PUBLICATION \"My pub\" FOR TABLE public.test WITH (publish = 'insert, delete, truncate')");
    }

    @Test
    void of_all_operations_needs_no_option() {
        assertThat(PublicationSql.create(publication(p -> p.tables("test")
                        .publish(Operation.INSERT, Operation.UPDATE, Operation.DELETE, Operation.TRUNCATE))))
                .isEqualTo("CREATE PUBLICATION \"My pub\" FOR TABLE public.test");
    }

    @Test
    void by_the_partition_root() {
        assertThat(PublicationSql.create(publication(
                        p -> p.tables("test").publish(Operation.UPDATE).viaPartitionRoot())))
                .isEqualTo("CREATE PUBLICATION \"My pub\" FOR TABLE public.test"
                        + " WITH (publish = 'update', publish_via_partition_root = true)");
    }

    @Test
    void with_generated_columns() {
        assertThat(PublicationSql.create(publication(
                        p -> p.tables("test").viaPartitionRoot().generatedColumns(GeneratedColumns.STORED))))
                .isEqualTo("CREATE PUBLICATION \"My pub\" FOR TABLE public.test"
                        + " WITH (publish_via_partition_root = true, publish_generated_columns = stored)");
        assertThat(PublicationSql.create(publication(p -> p.allTables().generatedColumns(GeneratedColumns.NONE))))
                .isEqualTo("CREATE PUBLICATION \"My pub\" FOR ALL TABLES");
    }

    @Test
    void of_columns_and_rows() {
        assertThat(PublicationSql.create(publication(p -> p.table("a", List.of("id", "Name"))
                        .tableWhere("b", "id > 1")
                        .tableWhere("c", "name = 'x'", "id", "name"))))
                .isEqualTo("CREATE PUBLICATION \"My pub\" FOR TABLE public.a (id, \"Name\"), public.b WHERE (id > 1),"
                        + " public.c (id, name) WHERE (name = 'x')");
    }

    @Test
    void of_schemas_and_a_table() {
        Publication publication = publication(p -> p.tables("test").tablesInSchema("app", "public"));

        assertThat(PublicationSql.create(publication))
                .isEqualTo("CREATE PUBLICATION \"My pub\" FOR TABLE public.test, TABLES IN SCHEMA app, public");
        assertThat(PublicationSql.grants(publication)).containsExactly("GRANT SELECT ON public.test TO replicator");
    }

    @Test
    void of_all_tables() {
        Publication publication = publication(Publication.Builder::allTables);

        assertThat(PublicationSql.create(publication)).isEqualTo("CREATE PUBLICATION \"My pub\" FOR ALL TABLES");
        assertThat(PublicationSql.grants(publication)).isEmpty();
    }

    private static Publication publication(Consumer<Publication.Builder> spec) {
        return Topology.named("test")
                .node("vm1", n -> n.publication("My pub", spec))
                .build()
                .node("vm1")
                .databases()
                .get(0)
                .publications()
                .get(0);
    }
}
