package org.pgminicluster.scenarios;

import static org.pgminicluster.assertj.MiniClusterAssertions.assertThat;
import static org.pgminicluster.assertj.MiniClusterAssertions.row;

import org.junit.jupiter.api.Test;
import org.pgminicluster.cluster.MiniCluster;
import org.pgminicluster.cluster.Node;
import org.pgminicluster.junit.Behaviour;
import org.pgminicluster.junit.MiniClusterTest;
import org.pgminicluster.junit.RequiresPostgres;
import org.pgminicluster.junit.TopologyFrom;
import org.pgminicluster.session.Session;
import org.pgminicluster.topology.Topology;

/**
 * The truth table of triggers on a subscriber. Six tables have one trigger each, per statement or per row, in one of the
 * three enable states ({@code origin} is the default); what fires is written down with its event and how often.
 *
 * @see <a href="https://www.postgresql.org/docs/13/logical-replication-architecture.html">Architecture</a>
 * @see <a href="https://www.postgresql.org/docs/13/sql-altertable.html">ENABLE REPLICA / ALWAYS TRIGGER</a>
 */
@MiniClusterTest
@TopologyFrom("streamed")
@RequiresPostgres(min = 11, because = "before, NEW was not null but missing in statement triggers")
class TriggerFiringIT {

    private static final String TABLES = """
            CREATE TABLE statement_origin (id integer PRIMARY KEY);
            CREATE TABLE statement_always (id integer PRIMARY KEY);
            CREATE TABLE statement_replica (id integer PRIMARY KEY);
            CREATE TABLE row_origin (id integer PRIMARY KEY);
            CREATE TABLE row_always (id integer PRIMARY KEY);
            CREATE TABLE row_replica (id integer PRIMARY KEY);
            """;

    private static final String TRIGGERS = """
            CREATE TABLE fired (name text, event text);
            CREATE VIEW firing AS SELECT name, event, count(*) FROM fired GROUP BY name, event;
            CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                INSERT INTO public.fired VALUES (TG_TABLE_NAME, TG_OP);
                RETURN coalesce(NEW, OLD);
            END $$;
            DO $$ DECLARE level text; state text; BEGIN
                FOREACH level IN ARRAY '{statement, row}'::text[] LOOP
                    FOREACH state IN ARRAY '{origin, always, replica}'::text[] LOOP
                        EXECUTE format('CREATE TRIGGER note BEFORE INSERT OR UPDATE OR DELETE ON %1$s_%2$s'
                            ' FOR EACH %1$s EXECUTE PROCEDURE note()', level, state);
                        EXECUTE format('ALTER TABLE %s_%s ENABLE %s TRIGGER note',
                            level, state, replace(state, 'origin', ''));
                    END LOOP;
                END LOOP;
            END $$;
            """;

    private static final String TRUNCATE_TRIGGERS = """
            CREATE TRIGGER note_truncate BEFORE TRUNCATE ON statement_origin EXECUTE PROCEDURE note();
            CREATE TRIGGER note_truncate BEFORE TRUNCATE ON statement_always EXECUTE PROCEDURE note();
            CREATE TRIGGER note_truncate BEFORE TRUNCATE ON statement_replica EXECUTE PROCEDURE note();
            ALTER TABLE statement_always ENABLE ALWAYS TRIGGER note_truncate;
            ALTER TABLE statement_replica ENABLE REPLICA TRIGGER note_truncate;
            """;

    private static final String[] NAMES = {
        "statement_origin", "statement_always", "statement_replica", "row_origin", "row_always", "row_replica"
    };

    private static final String INSERT_TWO = "INSERT INTO %s VALUES (1), (2)";
    private static final String UPDATE_ALL = "UPDATE %s SET id = id + 10";
    private static final String DELETE_ALL = "DELETE FROM %s";

    static Topology streamed() {
        return OneWay.of(
                TABLES,
                primary -> primary.publishes("pub", NAMES),
                copy -> OneWay.streams("pub").accept(copy.schema(TRIGGERS)));
    }

    @Test
    @Behaviour({
        "trg-ordinary-trigger-silent-in-apply",
        "trg-enable-replica-fires-in-apply",
        "trg-enable-always-fires-in-apply",
        "trg-statement-triggers-never-in-apply"
    })
    void streamed_changes_fire_row_triggers_that_are_enabled_always_or_replica(
            MiniCluster cluster, Node primary, Node copy) {
        onEach(primary, INSERT_TWO, UPDATE_ALL, DELETE_ALL);

        cluster.awaitReplicated();
        assertThat(copy)
                .table("firing")
                .hasRows(
                        row("row_always", "INSERT", 2),
                        row("row_always", "UPDATE", 2),
                        row("row_always", "DELETE", 2),
                        row("row_replica", "INSERT", 2),
                        row("row_replica", "UPDATE", 2),
                        row("row_replica", "DELETE", 2));
    }

    static Topology copiedFirst() {
        return OneWay.of(
                TABLES,
                primary -> {
                    for (String name : NAMES) {
                        primary.seed(INSERT_TWO.formatted(name));
                    }
                    primary.publishes("pub", NAMES);
                },
                copy -> copy.schema(TRIGGERS).subscribes("sub", "primary", "pub"));
    }

    @Test
    @TopologyFrom("copiedFirst")
    @Behaviour({"trg-initial-copy-fires-both-levels", "trg-initial-copy-ordinary-silent"})
    void the_initial_copy_fires_both_levels_if_enabled_always_or_replica(MiniCluster cluster, Node copy) {
        cluster.awaitSynced();

        assertThat(copy)
                .table("firing")
                .hasRows(
                        row("statement_always", "INSERT", 1),
                        row("statement_replica", "INSERT", 1),
                        row("row_always", "INSERT", 2),
                        row("row_replica", "INSERT", 2));
    }

    static Topology copiedEmpty() {
        return OneWay.of(
                TABLES,
                primary -> primary.publishes("pub", NAMES),
                copy -> copy.schema(TRIGGERS).subscribes("sub", "primary", "pub"));
    }

    @Test
    @TopologyFrom("copiedEmpty")
    @Behaviour("trg-initial-copy-fires-both-levels")
    void the_initial_copy_of_an_empty_table_fires_statement_triggers_too(MiniCluster cluster, Node copy) {
        cluster.awaitSynced();

        assertThat(copy)
                .table("firing")
                .hasRows(row("statement_always", "INSERT", 1), row("statement_replica", "INSERT", 1));
    }

    @Test
    @Behaviour("trg-enable-replica-silent-for-local")
    void direct_writes_fire_all_but_those_enabled_replica(Node copy) {
        onEach(copy, INSERT_TWO, UPDATE_ALL, DELETE_ALL);

        assertThat(copy)
                .table("firing")
                .hasRows(
                        row("statement_origin", "INSERT", 1),
                        row("statement_origin", "UPDATE", 1),
                        row("statement_origin", "DELETE", 1),
                        row("statement_always", "INSERT", 1),
                        row("statement_always", "UPDATE", 1),
                        row("statement_always", "DELETE", 1),
                        row("row_origin", "INSERT", 2),
                        row("row_origin", "UPDATE", 2),
                        row("row_origin", "DELETE", 2),
                        row("row_always", "INSERT", 2),
                        row("row_always", "UPDATE", 2),
                        row("row_always", "DELETE", 2));
    }

    @Test
    @Behaviour("trg-statement-fires-on-zero-rows")
    void direct_writes_of_no_row_fire_statement_triggers_only(Node copy) {
        onEach(copy, "INSERT INTO %s SELECT 1 WHERE false", UPDATE_ALL, DELETE_ALL);

        assertThat(copy)
                .table("firing")
                .hasRows(
                        row("statement_origin", "INSERT", 1),
                        row("statement_origin", "UPDATE", 1),
                        row("statement_origin", "DELETE", 1),
                        row("statement_always", "INSERT", 1),
                        row("statement_always", "UPDATE", 1),
                        row("statement_always", "DELETE", 1));
    }

    @Test
    @Behaviour("trg-direct-copy-fires")
    void a_direct_copy_fires_what_an_insert_does(Node copy) {
        for (String name : NAMES) {
            copy.copyIn("COPY " + name + " FROM STDIN", "");
            copy.copyIn("COPY " + name + " FROM STDIN", "1\n2\n");
        }

        assertThat(copy)
                .table("firing")
                .hasRows(
                        row("statement_origin", "INSERT", 2),
                        row("statement_always", "INSERT", 2),
                        row("row_origin", "INSERT", 2),
                        row("row_always", "INSERT", 2));
    }

    @Test
    @Behaviour("trg-guard-bypassed-by-replica-role")
    void direct_writes_in_the_replica_role_fire_all_but_those_in_the_default_state(Node copy) {
        try (Session replica = copy.session()) {
            replica.execute("SET session_replication_role = replica");
            for (String name : NAMES) {
                replica.execute(INSERT_TWO.formatted(name));
            }
        }

        assertThat(copy)
                .table("firing")
                .hasRows(
                        row("statement_always", "INSERT", 1),
                        row("statement_replica", "INSERT", 1),
                        row("row_always", "INSERT", 2),
                        row("row_replica", "INSERT", 2));
    }

    @Test
    @Behaviour("trg-truncate-is-own-event")
    void a_direct_truncate_fires_truncate_triggers_alone_and_not_those_enabled_replica(Node copy) {
        copy.execute(TRUNCATE_TRIGGERS);

        onEach(copy, "TRUNCATE %s");

        assertThat(copy)
                .table("firing")
                .hasRows(row("statement_origin", "TRUNCATE", 1), row("statement_always", "TRUNCATE", 1));
    }

    @Test
    @Behaviour("trg-truncate-is-own-event")
    void a_replicated_truncate_fires_truncate_triggers_alone_and_not_those_in_the_default_state(
            MiniCluster cluster, Node primary, Node copy) {
        copy.execute(TRUNCATE_TRIGGERS);

        onEach(primary, "TRUNCATE %s");

        cluster.awaitReplicated();
        assertThat(copy)
                .table("firing")
                .hasRows(row("statement_always", "TRUNCATE", 1), row("statement_replica", "TRUNCATE", 1));
    }

    private static void onEach(Node node, String... statements) {
        for (String statement : statements) {
            for (String name : NAMES) {
                node.execute(statement.formatted(name));
            }
        }
    }
}
