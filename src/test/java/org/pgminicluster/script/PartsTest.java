package org.pgminicluster.script;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.pgminicluster.topology.Topology;

/** Rights on partitions and children, which the initial copy reads under their own names. */
class PartsTest {

    private static final String RIGHTS_OF_PARTS = """
            DO $$ DECLARE part text; BEGIN
                FOR part IN SELECT format('%I.%I', schemaname, tablename) FROM pg_publication_tables WHERE pubname = 'it''s'
                LOOP
                    EXECUTE 'GRANT SELECT ON ' || part || ' TO replicator';
                END LOOP;
            END $$""";

    @Test
    void a_schema_with_partitions_gives_rights_on_each() {
        assertThat(publishing("CREATE TABLE t (i int) PARTITION BY RANGE (i)"))
                .containsExactly(
                        "CREATE PUBLICATION \"it's\" FOR TABLE public.t",
                        "GRANT SELECT ON public.t TO replicator",
                        RIGHTS_OF_PARTS);
    }

    @Test
    void a_schema_with_inheritance_gives_rights_on_each() {
        assertThat(publishing("CREATE TABLE t (i int); CREATE TABLE child () inherits (t)"))
                .endsWith(RIGHTS_OF_PARTS);
    }

    @Test
    void a_schema_without_parts_is_spared_the_statement() {
        assertThat(publishing("CREATE TABLE t (departition int)"))
                .containsExactly(
                        "CREATE PUBLICATION \"it's\" FOR TABLE public.t", "GRANT SELECT ON public.t TO replicator");
    }

    private static List<String> publishing(String schema) {
        Topology topology = Topology.named("parts")
                .schema(schema)
                .node("vm1", n -> n.publishes("it's", "t"))
                .build();
        return Script.of(topology, Peers.byName()).phase(Step.Phase.PUBLISH).stream()
                .map(step -> step.command().toString())
                .toList();
    }
}
