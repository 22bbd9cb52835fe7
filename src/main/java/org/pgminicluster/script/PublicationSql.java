package org.pgminicluster.script;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.stream.Collectors;
import org.pgminicluster.topology.Publication;
import org.pgminicluster.topology.Publication.GeneratedColumns;
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
        if (publication.generatedColumns() != GeneratedColumns.NONE) {
            options.add("publish_generated_columns = " + publication.generatedColumns());
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

    /**
     * What the group of subscribers needs for the initial copy of the tables that are listed, and nothing else. What else is
     * published, and will be, follows by {@link RightsSql}.
     */
    static List<String> grants(Publication publication) {
        List<String> grants = new ArrayList<>();
        publication.tables().stream()
                .map(table -> table.name().schema())
                .distinct()
                .filter(schema -> !schema.equals("public"))
                .forEach(
                        schema -> grants.add("GRANT USAGE ON SCHEMA " + Sql.identifier(schema) + " TO " + Roles.GROUP));
        if (!publication.tables().isEmpty()) {
            grants.add("GRANT SELECT ON "
                    + Sql.tables(publication.tables().stream()
                            .map(Publication.Table::name)
                            .toList()) + " TO "
                    + Roles.GROUP);
        }
        return grants;
    }
}
