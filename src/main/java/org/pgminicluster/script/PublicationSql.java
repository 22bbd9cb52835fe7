package org.pgminicluster.script;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.stream.Collectors;
import org.pgminicluster.topology.Publication;
import org.pgminicluster.topology.Publication.Operation;

/** Renders {@code CREATE PUBLICATION} and the rights that go with it. */
final class PublicationSql {

    private PublicationSql() {}

    static String create(Publication publication) {
        StringBuilder sql = new StringBuilder("CREATE PUBLICATION " + Sql.identifier(publication.name()));
        if (publication.allTables()) {
            sql.append(" FOR ALL TABLES");
        } else if (!(publication.tables().isEmpty() && publication.schemas().isEmpty())) {
            sql.append(" FOR ").append(String.join(", ", objects(publication)));
        }
        List<String> options = new ArrayList<>();
        if (!publication.publish().equals(EnumSet.allOf(Operation.class))) {
            options.add("publish = '"
                    + publication.publish().stream()
                            .sorted()
                            .map(Operation::toString)
                            .collect(Collectors.joining(", "))
                    + "'");
        }
        if (publication.viaPartitionRoot()) {
            options.add("publish_via_partition_root = true");
        }
        if (!options.isEmpty()) {
            sql.append(" WITH (").append(String.join(", ", options)).append(')');
        }
        return sql.toString();
    }

    private static List<String> objects(Publication publication) {
        List<String> objects = new ArrayList<>();
        if (!publication.tables().isEmpty()) {
            objects.add("TABLE "
                    + publication.tables().stream().map(PublicationSql::table).collect(Collectors.joining(", ")));
        }
        if (!publication.schemas().isEmpty()) {
            objects.add("TABLES IN SCHEMA " + Sql.identifiers(publication.schemas()));
        }
        return objects;
    }

    private static String table(Publication.Table table) {
        String columns = table.columns().isEmpty() ? "" : " (" + Sql.identifiers(table.columns()) + ")";
        String where = table.where().map(filter -> " WHERE (" + filter + ")").orElse("");
        return Sql.table(table.name()) + columns + where;
    }

    /** What the group of subscribers needs for the initial copy, and nothing else. */
    static List<String> grants(Publication publication) {
        if (publication.allTables()) {
            return List.of(grantEverySchema());
        }
        List<String> grants = new ArrayList<>();
        publication.tables().stream()
                .map(table -> table.name().schema())
                .distinct()
                .filter(schema -> !schema.equals("public"))
                .forEach(schema -> grants.add(usage(schema)));
        if (!publication.tables().isEmpty()) {
            grants.add("GRANT SELECT ON "
                    + Sql.tables(publication.tables().stream()
                            .map(Publication.Table::name)
                            .toList()) + " TO "
                    + Roles.GROUP);
        }
        for (String schema : publication.schemas()) {
            if (!schema.equals("public")) {
                grants.add(usage(schema));
            }
            grants.add("GRANT SELECT ON ALL TABLES IN SCHEMA " + Sql.identifier(schema) + " TO " + Roles.GROUP);
            grants.add("ALTER DEFAULT PRIVILEGES IN SCHEMA " + Sql.identifier(schema) + " GRANT SELECT ON TABLES TO "
                    + Roles.GROUP);
        }
        return grants;
    }

    private static String usage(String schema) {
        return "GRANT USAGE ON SCHEMA " + Sql.identifier(schema) + " TO " + Roles.GROUP;
    }

    /**
     * Partitions and children are copied one by one, each by its own name and with its own rights, though only their
     * parent was listed.
     */
    static String grantParts(Publication publication) {
        return """
                DO $$ DECLARE part text; BEGIN
                    FOR part IN SELECT format('%%I.%%I', schemaname, tablename) FROM pg_publication_tables WHERE pubname = %s
                    LOOP
                        EXECUTE 'GRANT SELECT ON ' || part || ' TO %s';
                    END LOOP;
                END $$""".formatted(Sql.literal(publication.name()), Roles.GROUP);
    }

    /** {@code FOR ALL TABLES} knows no list of schemas, so the rights are given to what is there and what will be. */
    private static String grantEverySchema() {
        return """
                DO $$ DECLARE s text; BEGIN
                    FOR s IN SELECT nspname FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'
                    LOOP
                        EXECUTE format('GRANT USAGE ON SCHEMA %%I TO %1$s', s);
                        EXECUTE format('GRANT SELECT ON ALL TABLES IN SCHEMA %%I TO %1$s', s);
                    END LOOP;
                    ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO %1$s;
                    ALTER DEFAULT PRIVILEGES GRANT USAGE ON SCHEMAS TO %1$s;
                END $$""".formatted(Roles.GROUP);
    }
}
