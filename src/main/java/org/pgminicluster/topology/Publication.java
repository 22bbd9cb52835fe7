package org.pgminicluster.topology;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/**
 * A publication: which changes of which tables may leave a node.
 *
 * @param name the publication's name
 * @param tables the tables it lists; empty with {@code allTables} or {@code schemas}
 * @param schemas the schemas whose tables it publishes (from PostgreSQL 15)
 * @param allTables whether it is {@code FOR ALL TABLES}
 * @param publish the operations it publishes
 * @param viaPartitionRoot whether changes of partitions go out under the root's name
 * @param generatedColumns which generated columns of tables without a column list it publishes (from PostgreSQL 18)
 * @see <a href="https://www.postgresql.org/docs/13/sql-createpublication.html">CREATE PUBLICATION</a>
 */
@API(status = API.Status.MAINTAINED)
public record Publication(
        String name,
        List<Table> tables,
        List<String> schemas,
        boolean allTables,
        Set<Operation> publish,
        boolean viaPartitionRoot,
        GeneratedColumns generatedColumns) {

    public Publication {
        tables = List.copyOf(tables);
        schemas = List.copyOf(schemas);
        publish = Set.copyOf(publish);
    }

    /** What a publication can publish. */
    public enum Operation {
        INSERT,
        UPDATE,
        DELETE,
        TRUNCATE;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Which generated columns a publication publishes as if they were others. */
    public enum GeneratedColumns {
        /** None but those that a column list names. */
        NONE,
        /** All that are stored. */
        STORED;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * A table in a publication's list.
     *
     * @param name the table
     * @param columns the columns that are published, or none for all (from PostgreSQL 15)
     * @param where the row filter without its parentheses (from PostgreSQL 15)
     */
    public record Table(TableName name, List<String> columns, Optional<String> where) {
        public Table {
            columns = List.copyOf(columns);
        }
    }

    /** Whether changes of the table can leave by this publication. */
    public boolean covers(TableName table) {
        return coversSchema(table.schema())
                || tables.stream().anyMatch(listed -> listed.name().equals(table));
    }

    /** Whether changes of any table of the schema can leave by this publication. */
    boolean coversSchema(String schema) {
        return allTables || schemas.contains(schema);
    }

    /** Says what is published; everything else has PostgreSQL's default. */
    public static final class Builder {
        private final String name;
        private final List<Table> tables = new ArrayList<>();
        private final List<String> schemas = new ArrayList<>();
        private boolean allTables;
        private Set<Operation> publish = EnumSet.allOf(Operation.class);
        private boolean viaPartitionRoot;
        private GeneratedColumns generatedColumns = GeneratedColumns.NONE;

        Builder(String name) {
            this.name = name;
        }

        /** Adds whole tables. */
        public Builder tables(String... names) {
            TableName.listOf(names).forEach(table -> tables.add(new Table(table, List.of(), Optional.empty())));
            return this;
        }

        /** Adds a table with a column list, from PostgreSQL 15. */
        public Builder table(String table, List<String> columns) {
            tables.add(new Table(TableName.of(table), columns, Optional.empty()));
            return this;
        }

        /** Adds a table with a row filter and, if any are given, a column list, from PostgreSQL 15. */
        public Builder tableWhere(String table, String where, String... columns) {
            tables.add(new Table(TableName.of(table), Arrays.asList(columns), Optional.of(where)));
            return this;
        }

        /** {@code FOR ALL TABLES}: also those made later. */
        public Builder allTables() {
            allTables = true;
            return this;
        }

        /** {@code FOR TABLES IN SCHEMA}, from PostgreSQL 15. */
        public Builder tablesInSchema(String... names) {
            schemas.addAll(Arrays.asList(names));
            return this;
        }

        /** Only these operations, such as inserts alone. */
        public Builder publish(Operation first, Operation... more) {
            publish = EnumSet.of(first, more);
            return this;
        }

        /** {@code publish_via_partition_root = true}. */
        public Builder viaPartitionRoot() {
            viaPartitionRoot = true;
            return this;
        }

        /**
         * {@code publish_generated_columns}: whether stored generated columns leave like any other, from PostgreSQL 18. The
         * subscriber must have an ordinary column of that name, for it refuses rows for one that it would compute itself. Of
         * a table with a column list that list decides alone. A subscriber before 18 does not copy them, though they are
         * streamed.
         *
         * @see <a href="https://www.postgresql.org/docs/18/logical-replication-gencols.html">Generated Column
         *     Replication</a>
         */
        public Builder generatedColumns(GeneratedColumns which) {
            generatedColumns = which;
            return this;
        }

        Publication build() {
            if (allTables && !(tables.isEmpty() && schemas.isEmpty())) {
                throw InvalidTopologyException.expected(
                        "publication \"" + name + "\"",
                        "be for all tables or for those it lists",
                        "was both",
                        "keep one of allTables() and tables(...)");
            }
            return new Publication(name, tables, schemas, allTables, publish, viaPartitionRoot, generatedColumns);
        }
    }

    /** What keeps rows or columns of its tables back, if anything does. */
    Optional<String> narrowing() {
        return tables.stream().anyMatch(table -> table.where().isPresent())
                ? Optional.of("row filter")
                : Optional.of("column list")
                        .filter(list -> tables.stream()
                                .anyMatch(table -> !table.columns().isEmpty()));
    }

    /** What of this publication the given major does not know, with the first major that does. */
    Optional<SubscriptionOption.Missing> missingIn(int major) {
        @Nullable String feature = null;
        if (!schemas.isEmpty()) {
            feature = "FOR TABLES IN SCHEMA";
        } else if (tables.stream().anyMatch(table -> table.where().isPresent())) {
            feature = "a row filter";
        } else if (tables.stream().anyMatch(table -> !table.columns().isEmpty())) {
            feature = "a column list";
        }
        if (feature != null && major < 15) {
            return Optional.of(new SubscriptionOption.Missing(feature, 15));
        }
        if (viaPartitionRoot && major < 13) {
            return Optional.of(new SubscriptionOption.Missing("publish_via_partition_root", 13));
        }
        if (generatedColumns != GeneratedColumns.NONE && major < 18) {
            return Optional.of(new SubscriptionOption.Missing("publish_generated_columns", 18));
        }
        // All operations is the default, and on 10 it means those that 10 has.
        boolean listsTruncate = publish.contains(Operation.TRUNCATE) && publish.size() < Operation.values().length;
        return listsTruncate && major < 11
                ? Optional.of(new SubscriptionOption.Missing("publish = 'truncate'", 11))
                : Optional.empty();
    }
}
