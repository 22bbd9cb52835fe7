-- rep, SCHEMA: Schema is not replicated: every node makes its own.
CREATE TABLE test (id integer PRIMARY KEY, name text);
CREATE TABLE test2 (id integer PRIMARY KEY, name text);

-- rep, GUARD: What a guard does when somebody writes.
CREATE FUNCTION public.refuse_write() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'Cannot modify table.'
        USING ERRCODE = '25006',
              HINT = format('Table %I is a read-only copy on this node.', TG_TABLE_NAME);
END $$;

-- rep, GUARD: A read-only copy refuses direct writes; the apply worker runs with the replica role and passes.
CREATE TRIGGER read_only_write BEFORE INSERT OR UPDATE OR DELETE ON public.test
    FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_write();

-- rep, GUARD: TRUNCATE is an event of its own: without this one it would pass.
CREATE TRIGGER read_only_truncate BEFORE TRUNCATE ON public.test
    FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_write();

-- rep, GUARD: A read-only copy refuses direct writes; the apply worker runs with the replica role and passes.
CREATE TRIGGER read_only_write BEFORE INSERT OR UPDATE OR DELETE ON public.test2
    FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_write();

-- rep, GUARD: TRUNCATE is an event of its own: without this one it would pass.
CREATE TRIGGER read_only_truncate BEFORE TRUNCATE ON public.test2
    FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_write();

-- rep, UPKEEP: A trigger guards the table that a statement names: partitions and children need their own.
CREATE SCHEMA IF NOT EXISTS minicluster;
CREATE OR REPLACE FUNCTION minicluster.guard_parts() RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog SET jit = off AS $$
DECLARE
    part record;
BEGIN
    IF NOT EXISTS (SELECT FROM pg_inherits i JOIN pg_trigger t ON t.tgrelid = i.inhparent WHERE t.tgname = 'read_only_write') THEN
        RETURN;
    END IF;
    FOR part IN
        WITH RECURSIVE guarded AS (
            SELECT tgrelid AS oid, tgfoid AS refusal, tgrelid AS root FROM pg_trigger
             WHERE tgname = 'read_only_write'
            UNION SELECT i.inhrelid, g.refusal, g.root FROM guarded g JOIN pg_inherits i ON i.inhparent = g.oid),
        above AS (
            SELECT i.inhrelid AS oid, i.inhparent AS parent FROM guarded g JOIN pg_inherits i ON i.inhrelid = g.oid
            UNION SELECT a.oid, i.inhparent FROM above a JOIN pg_inherits i ON i.inhrelid = a.parent)
        SELECT DISTINCT ON (g.oid) g.oid::regclass AS name, g.refusal::regproc AS refusal, g.root::regclass AS root,
               c.relkind AS kind,
               ARRAY(SELECT tgname::text FROM pg_trigger WHERE tgrelid = g.oid) AS triggers,
               EXISTS (SELECT FROM above a WHERE a.oid = g.oid
                          AND a.parent NOT IN (SELECT oid FROM guarded)) AS reached
          FROM guarded g JOIN pg_class c ON c.oid = g.oid ORDER BY g.oid, g.root
    LOOP
        IF part.kind = 'f' THEN
            RAISE EXCEPTION 'expected the parts of %, which is a read-only copy here, to be tables of this server, but % is a foreign table; leave it out',
                part.root, part.name;
        END IF;
        IF 'read_only_write' <> ALL (part.triggers) THEN
            EXECUTE format('CREATE TRIGGER read_only_write BEFORE INSERT OR UPDATE OR DELETE ON %s'
                ' FOR EACH STATEMENT EXECUTE FUNCTION %s()', part.name, part.refusal);
        END IF;
        IF 'read_only_truncate' <> ALL (part.triggers) THEN
            EXECUTE format('CREATE TRIGGER read_only_truncate BEFORE TRUNCATE ON %s'
                ' FOR EACH STATEMENT EXECUTE FUNCTION %s()', part.name, part.refusal);
        END IF;
        IF part.reached AND part.kind = 'r' AND 'read_only_row' <> ALL (part.triggers) THEN
            EXECUTE format('CREATE TRIGGER read_only_row BEFORE INSERT OR UPDATE OR DELETE ON %s'
                ' FOR EACH ROW EXECUTE FUNCTION %s()', part.name, part.refusal);
        END IF;
    END LOOP;
END $$;
CREATE OR REPLACE FUNCTION minicluster.guard_new_parts() RETURNS event_trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    PERFORM minicluster.guard_parts();
END $$;
DROP EVENT TRIGGER IF EXISTS minicluster_guarded;
CREATE EVENT TRIGGER minicluster_guarded ON ddl_command_end
    WHEN TAG IN ('CREATE TABLE', 'CREATE FOREIGN TABLE', 'ALTER TABLE', 'ALTER FOREIGN TABLE', 'CREATE SCHEMA',
                 'IMPORT FOREIGN SCHEMA', 'CREATE EXTENSION')
    EXECUTE FUNCTION minicluster.guard_new_parts();
ALTER EVENT TRIGGER minicluster_guarded ENABLE ALWAYS;
SELECT minicluster.guard_parts();

-- rep, SUBSCRIBE: What this node copies from vm1; one subscription after the other, since two that cross would wait for each other.
CREATE SUBSCRIPTION vm3_test_sub
    CONNECTION 'host=vm1 port=5432 dbname=rep user=replicator_vm3 passfile=/var/lib/postgresql/.pgpass application_name=vm3_test_sub'
    PUBLICATION test_pub;

-- rep, SUBSCRIBE: What this node copies from vm2; one subscription after the other, since two that cross would wait for each other.
CREATE SUBSCRIPTION vm3_test2_sub
    CONNECTION 'host=vm2 port=5432 dbname=rep user=replicator_vm3 passfile=/var/lib/postgresql/.pgpass application_name=vm3_test2_sub'
    PUBLICATION test2_pub;
