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

-- rep, PUBLISH: What leaves this node.
CREATE PUBLICATION test2_pub FOR TABLE public.test2;

-- rep, PUBLISH: The initial copy needs SELECT; streaming would not.
GRANT SELECT ON public.test2 TO replicator;

-- rep, SUBSCRIBE: What this node copies from vm1; one subscription after the other, since two that cross would wait for each other.
CREATE SUBSCRIPTION test_sub
    CONNECTION 'host=vm1 port=5432 dbname=rep user=replicator_vm2 passfile=/var/lib/postgresql/.pgpass application_name=test_sub'
    PUBLICATION test_pub;
