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

-- rep, ROLE: What subscribers may read is granted to one group.
CREATE ROLE replicator;

-- rep, ROLE: Each subscriber logs in by a role of its own: it may replicate, and read what is published.
CREATE ROLE replicator_vm1 LOGIN REPLICATION IN ROLE replicator;

-- rep, ROLE: The password is hashed on this side, so that no server log can hold it.
\password replicator_vm1

-- rep, ROLE: Each subscriber logs in by a role of its own: it may replicate, and read what is published.
CREATE ROLE replicator_vm3 LOGIN REPLICATION IN ROLE replicator;

-- rep, ROLE: The password is hashed on this side, so that no server log can hold it.
\password replicator_vm3

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

-- rep, UPKEEP: What is published later may be read, too, and partitions are copied under their own names.
CREATE SCHEMA IF NOT EXISTS minicluster;
CREATE OR REPLACE FUNCTION minicluster.grant_published() RETURNS event_trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog SET jit = off AS $$
DECLARE
    published oid[] := ARRAY(
        SELECT prrelid FROM pg_publication_rel
        UNION SELECT c.oid FROM pg_class c WHERE EXISTS (SELECT FROM pg_publication WHERE puballtables));
    t record;
BEGIN
    IF to_regclass('pg_publication_namespace') IS NOT NULL THEN
        published := published || ARRAY(
            SELECT c.oid FROM pg_class c JOIN pg_publication_namespace s ON s.pnnspid = c.relnamespace);
    END IF;
    published := ARRAY(
        WITH RECURSIVE part AS (
            SELECT unnest(published) AS oid
            UNION SELECT i.inhrelid FROM part JOIN pg_inherits i ON i.inhparent = part.oid
                                         JOIN pg_class c ON c.oid = i.inhrelid AND c.relispartition)
        SELECT c.oid FROM part JOIN pg_class c ON c.oid = part.oid
         WHERE c.relkind IN ('r', 'p') AND c.relpersistence = 'p' AND c.oid >= 16384);
    IF TG_EVENT = 'ddl_command_start' THEN
        PERFORM set_config('minicluster.published', published::text, true);
        RETURN;
    END IF;
    FOR t IN SELECT n.nspname, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
              WHERE c.oid = ANY (published)
                AND c.oid <> ALL (coalesce(nullif(current_setting('minicluster.published', true), ''), '{}')::oid[])
                AND EXISTS (SELECT FROM pg_roles WHERE rolname = 'replicator')
    LOOP
        EXECUTE format('GRANT USAGE ON SCHEMA %1$I TO replicator; GRANT SELECT ON %1$I.%2$I TO replicator',
                       t.nspname, t.relname);
    END LOOP;
END $$;
DROP EVENT TRIGGER IF EXISTS minicluster_published_before;
CREATE EVENT TRIGGER minicluster_published_before ON ddl_command_start
    WHEN TAG IN ('CREATE PUBLICATION', 'ALTER PUBLICATION', 'CREATE TABLE', 'CREATE TABLE AS', 'SELECT INTO', 'ALTER TABLE', 'CREATE SCHEMA', 'CREATE EXTENSION')
    EXECUTE FUNCTION minicluster.grant_published();
DROP EVENT TRIGGER IF EXISTS minicluster_published;
CREATE EVENT TRIGGER minicluster_published ON ddl_command_end
    WHEN TAG IN ('CREATE PUBLICATION', 'ALTER PUBLICATION', 'CREATE TABLE', 'CREATE TABLE AS', 'SELECT INTO', 'ALTER TABLE', 'CREATE SCHEMA', 'CREATE EXTENSION')
    EXECUTE FUNCTION minicluster.grant_published();
ALTER EVENT TRIGGER minicluster_published_before ENABLE ALWAYS;
ALTER EVENT TRIGGER minicluster_published ENABLE ALWAYS;

-- rep, PUBLISH: What leaves this node.
CREATE PUBLICATION test2_pub FOR TABLE public.test2;

-- rep, PUBLISH: The initial copy needs SELECT; streaming would not.
GRANT SELECT ON public.test2 TO replicator;

-- rep, SUBSCRIBE: What this node copies from vm1; one subscription after the other, since two that cross would wait for each other.
CREATE SUBSCRIPTION test_sub
    CONNECTION 'host=vm1 port=5432 dbname=rep user=replicator_vm2 passfile=/var/lib/postgresql/.pgpass application_name=test_sub'
    PUBLICATION test_pub;
