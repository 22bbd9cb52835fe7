package org.pgminicluster.attach;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.pgminicluster.journal.Row;
import org.pgminicluster.session.Session;
import org.pgminicluster.state.Catalogs;

/** What is in a database, as its catalogs say it. */
final class CatalogObjects {

    /** What belongs to an extension, a column or another object comes and goes with that. */
    private static final String ALL = """
            SELECT o.type || ' ' || o.identity
              FROM (SELECT 1 AS place, 'pg_class'::regclass::oid AS classid, oid FROM pg_class
                     WHERE relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
                    UNION ALL SELECT 2, 'pg_proc'::regclass::oid, oid FROM pg_proc
                    UNION ALL SELECT 3, 'pg_type'::regclass::oid, t.oid
                      FROM pg_type t LEFT JOIN pg_class c ON c.oid = t.typrelid
                     WHERE t.typtype IN ('d', 'e', 'r') OR c.relkind = 'c'
                    UNION ALL SELECT 4, 'pg_extension'::regclass::oid, oid FROM pg_extension WHERE extname <> 'plpgsql'
                    UNION ALL SELECT 5, 'pg_namespace'::regclass::oid, oid FROM pg_namespace
                     WHERE nspname !~ '^pg_' AND nspname NOT IN ('information_schema', 'public', 'minicluster')) x
                   CROSS JOIN LATERAL pg_identify_object(x.classid, x.oid, 0) o
             WHERE (o.schema IS NULL OR o.schema !~ '^pg_' AND o.schema NOT IN ('information_schema', 'minicluster'))
               AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = x.classid AND d.objid = x.oid
                                  AND (d.deptype IN ('e', 'i') OR d.deptype = 'a' AND d.refobjsubid > 0))
             ORDER BY x.place, 1""";

    /** Columns by their names, since replication goes by those. */
    private static final String TABLES = """
            SELECT format('%I.%I', n.nspname, c.relname),
                   '(' || coalesce((SELECT string_agg(a.attname || ' ' || format_type(a.atttypid, a.atttypmod)
                              || CASE WHEN a.attnotnull THEN ' NOT NULL' ELSE '' END
                              || CASE WHEN a.attidentity <> '' THEN ' IDENTITY' ELSE '' END
                              || CASE WHEN coalesce(to_jsonb(a) ->> 'attgenerated', '') <> '' THEN ' GENERATED' ELSE '' END,
                              ', ' ORDER BY a.attname)
                      FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped), '') || ')'
                   || coalesce((SELECT ' ' || pg_get_constraintdef(k.oid) FROM pg_constraint k
                                 WHERE k.conrelid = c.oid AND k.contype = 'p'), '')
                   || CASE c.relreplident WHEN 'f' THEN ' REPLICA IDENTITY FULL' WHEN 'n' THEN ' REPLICA IDENTITY NOTHING'
                           WHEN 'i' THEN ' REPLICA IDENTITY USING INDEX' ELSE '' END
              FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
             WHERE c.relkind IN ('r', 'p', 'f') AND n.nspname !~ '^pg_'
               AND n.nspname NOT IN ('information_schema', 'minicluster')
             ORDER BY 1""";

    private static final String PUBLICATIONS = """
            SELECT p.pubname,
                   CASE WHEN p.puballtables THEN 'of all tables'
                        ELSE 'of ' || coalesce((SELECT string_agg(format('%I.%I', t.schemaname, t.tablename)
                                  || coalesce(' (' || (SELECT string_agg(c, ', ' ORDER BY c)
                                                         FROM jsonb_array_elements_text(to_jsonb(t) -> 'attnames') c) || ')', '')
                                  || coalesce(' WHERE ' || (to_jsonb(t) ->> 'rowfilter'), ''),
                                  ', ' ORDER BY t.schemaname, t.tablename)
                             FROM pg_publication_tables t WHERE t.pubname = p.pubname), 'no table') END
                   || ': ' || coalesce((SELECT string_agg(substr(key, 4) || CASE value WHEN 'true' THEN '' ELSE ' ' || value END,
                                                          ', ' ORDER BY key)
                                          FROM jsonb_each_text(to_jsonb(p) - 'oid' - 'pubowner' - 'pubname' - 'puballtables')
                                         WHERE value <> 'false'), 'nothing')
              FROM pg_publication p ORDER BY 1""";

    private CatalogObjects() {}

    /** All that scripts make, each by its kind and its name, in the order in which it can be dropped. */
    static Set<String> in(Catalogs database) {
        return new LinkedHashSet<>(database.look(ALL).texts());
    }

    /** The same as a session sees it that is in no journal. */
    static Set<String> in(Session session) {
        return new LinkedHashSet<>(session.query(ALL).texts());
    }

    /** What each table is like, by its name with its schema. */
    static Map<String, String> tables(Catalogs database) {
        return described(database, TABLES);
    }

    /** What each publication publishes. */
    static Map<String, String> publications(Catalogs database) {
        return described(database, PUBLICATIONS);
    }

    private static Map<String, String> described(Catalogs database, String sql) {
        Map<String, String> found = new LinkedHashMap<>();
        for (Row row : database.look(sql).values()) {
            found.put(row.text(0), row.text(1));
        }
        return found;
    }
}
