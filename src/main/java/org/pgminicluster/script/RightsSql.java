package org.pgminicluster.script;

/**
 * What gives the group of subscribers the rights that follow from what is published: whatever a command newly publishes may
 * be read, such as a partition made later or a table added to a publication. What somebody has revoked stays revoked.
 *
 * @see <a href="https://www.postgresql.org/docs/13/event-triggers.html">Event Triggers</a>
 */
final class RightsSql {

    /** What can publish a table that was not. */
    private static final String COMMANDS =
            "'CREATE PUBLICATION', 'ALTER PUBLICATION', 'CREATE TABLE', 'CREATE TABLE AS', 'SELECT INTO', 'ALTER TABLE',"
                    + " 'CREATE SCHEMA', 'CREATE EXTENSION'";

    private RightsSql() {}

    /**
     * From now on, and again where a dump of such a database has made it. It looks at catalogs alone, since the view of
     * published tables locks them; those of schemas came with 15.
     */
    static String follow(int major) {
        return """
                CREATE SCHEMA IF NOT EXISTS minicluster;
                CREATE OR REPLACE FUNCTION minicluster.grant_published() RETURNS event_trigger
                    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog%4$s AS $$
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
                                AND EXISTS (SELECT FROM pg_roles WHERE rolname = '%2$s')
                    LOOP
                        EXECUTE format('GRANT USAGE ON SCHEMA %%1$I TO %2$s; GRANT SELECT ON %%1$I.%%2$I TO %2$s',
                                       t.nspname, t.relname);
                    END LOOP;
                END $$;
                DROP EVENT TRIGGER IF EXISTS minicluster_published_before;
                CREATE EVENT TRIGGER minicluster_published_before ON ddl_command_start
                    WHEN TAG IN (%3$s)
                    EXECUTE %1$s minicluster.grant_published();
                DROP EVENT TRIGGER IF EXISTS minicluster_published;
                CREATE EVENT TRIGGER minicluster_published ON ddl_command_end
                    WHEN TAG IN (%3$s)
                    EXECUTE %1$s minicluster.grant_published();
                ALTER EVENT TRIGGER minicluster_published_before ENABLE ALWAYS;
                ALTER EVENT TRIGGER minicluster_published ENABLE ALWAYS""".formatted(GuardSql.functionWord(major), Roles.GROUP, COMMANDS, GuardSql.uncompiled(major));
    }
}
