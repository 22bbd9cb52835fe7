package org.pgminicluster.script;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pgminicluster.topology.HomeworkTopology;
import org.pgminicluster.topology.Topology;

/** What a person would type on machines of his own. */
class PsqlScriptTest {

    @Test
    void of_a_node_that_only_subscribes() {
        assertThat(PsqlScript.of(HomeworkTopology.create().seeded("vm3", "SELECT 'first'"), "vm3"))
                .isEqualTo("""
                        -- vm3, as the superuser in psql
                        ALTER SYSTEM SET password_encryption = 'scram-sha-256';  -- 13 would still use md5
                        ALTER SYSTEM SET log_replication_commands = 'on';  -- what subscribers ask for is part of the story
                        ALTER SYSTEM SET max_wal_senders = '10';  -- one for each subscriber, more while copying
                        ALTER SYSTEM SET max_replication_slots = '10';  -- slots for subscribers, origins for subscriptions
                        ALTER SYSTEM SET max_logical_replication_workers = '14';  -- an apply worker for each subscription, table sync workers while copying
                        ALTER SYSTEM SET max_worker_processes = '22';  -- all background workers
                        -- /var/lib/postgresql/.pgpass, mode 0600: vm1:5432:*:replicator_vm3:PASSWORD
                        -- /var/lib/postgresql/.pgpass, mode 0600: vm2:5432:*:replicator_vm3:PASSWORD
                        -- restart the server, then go on

                        \\connect postgres

                        -- The database that is replicated.
                        CREATE DATABASE rep;

                        \\connect rep

                        -- Schema is not replicated: every node makes its own.
                        CREATE TABLE test (id integer PRIMARY KEY, name text);
                        CREATE TABLE test2 (id integer PRIMARY KEY, name text);

                        -- Rows that exist before anybody subscribes.
                        SELECT 'first';

                        -- What a guard does when somebody writes.
                        CREATE FUNCTION public.refuse_write() RETURNS trigger LANGUAGE plpgsql AS $$
                        BEGIN
                            RAISE EXCEPTION 'Cannot modify table.'
                                USING ERRCODE = '25006',
                                      HINT = format('Table %I is a read-only copy on this node.', TG_TABLE_NAME);
                        END $$;

                        -- A read-only copy refuses direct writes; the apply worker runs with the replica role and passes.
                        CREATE TRIGGER read_only_write BEFORE INSERT OR UPDATE OR DELETE ON public.test
                            FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_write();

                        -- TRUNCATE is an event of its own: without this one it would pass.
                        CREATE TRIGGER read_only_truncate BEFORE TRUNCATE ON public.test
                            FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_write();

                        -- A read-only copy refuses direct writes; the apply worker runs with the replica role and passes.
                        CREATE TRIGGER read_only_write BEFORE INSERT OR UPDATE OR DELETE ON public.test2
                            FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_write();

                        -- TRUNCATE is an event of its own: without this one it would pass.
                        CREATE TRIGGER read_only_truncate BEFORE TRUNCATE ON public.test2
                            FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_write();

                        -- A trigger guards the table that a statement names: partitions and children need their own.
                        GUARD PARTS;

                        -- go on when vm1, vm2 came this far

                        -- What this node copies from vm1; one subscription after the other, since two that cross would wait for each other.
                        CREATE SUBSCRIPTION vm3_test_sub
                            CONNECTION 'host=vm1 port=5432 dbname=rep user=replicator_vm3 passfile=/var/lib/postgresql/.pgpass application_name=vm3_test_sub'
                            PUBLICATION test_pub;

                        -- What this node copies from vm2; one subscription after the other, since two that cross would wait for each other.
                        CREATE SUBSCRIPTION vm3_test2_sub
                            CONNECTION 'host=vm2 port=5432 dbname=rep user=replicator_vm3 passfile=/var/lib/postgresql/.pgpass application_name=vm3_test2_sub'
                            PUBLICATION test2_pub;
                        """.replace("GUARD PARTS", GuardSql.guardParts(13)));
    }

    /** What a dump sets would otherwise go on in the same psql. */
    @Test
    void what_a_script_sets_ends_with_the_connection() {
        Topology topology = HomeworkTopology.create()
                .seeded("vm1", "SET session_replication_role = replica;\nINSERT INTO test VALUES (1)");

        assertThat(PsqlScript.of(topology, "vm1")).contains("""
                -- Rows that exist before anybody subscribes.
                SET session_replication_role = replica;
                INSERT INTO test VALUES (1);

                \\connect rep

                -- What a guard does when somebody writes.
                """);
    }

    /** Nobody types a dump, and no journal keeps it. */
    @Test
    void a_long_script_is_named_and_not_repeated(@TempDir Path directory) throws IOException {
        String rows = "COPY t FROM stdin;\n" + "1\n".repeat(60_000) + "\\.\nSET a.b = 1;\n";
        Path file = Files.writeString(directory.resolve("dump.sql"), rows);
        Topology topology = Topology.named("long")
                .node("vm1", n -> n.schemaFrom(file.toString()).schema(rows))
                .build();

        assertThat(PsqlScript.of(topology, "vm1"))
                .hasSizeLessThan(110_000)
                .contains("\\i " + file + "\n\n\\connect rep\nCOPY t FROM stdin;\n1\n1\n")
                .endsWith("\n1\n-- ... and 20035 more characters\n");
    }

    @Test
    void a_publisher_lets_its_subscribers_in() {
        assertThat(PsqlScript.of(HomeworkTopology.create(), "vm1")).contains("""
                ALTER SYSTEM SET listen_addresses = '*';  -- other machines connect to it
                -- pg_hba.conf: host all replicator_vm2 all scram-sha-256
                -- pg_hba.conf: host all replicator_vm3 all scram-sha-256
                -- /var/lib/postgresql/.pgpass, mode 0600: vm2:5432:*:replicator_vm1:PASSWORD
                -- restart the server, then go on
                """);
    }
}
