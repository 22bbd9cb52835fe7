package org.pgminicluster.history;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.pgminicluster.cluster.Node;
import org.pgminicluster.journal.Row;
import org.pgminicluster.script.MadeUpValue;
import org.pgminicluster.script.Sql;
import org.pgminicluster.topology.Publication;
import org.pgminicluster.topology.TableName;

/** What the catalogs of a database say of its tables. */
final class TableCatalog {

    /** A domain stands for what it is made of; what is made of another domain is not known. */
    private static final String COLUMNS = """
            SELECT a.attname, coalesce(e.typname, b.typname),
                   CASE WHEN t.typtype = 'd' THEN t.typtypmod ELSE a.atttypmod END,
                   (SELECT count(*) FROM pg_enum WHERE enumtypid = coalesce(e.oid, b.oid)),
                   e.oid IS NOT NULL, format_type(a.atttypid, a.atttypmod), format_type(coalesce(e.oid, b.oid), NULL),
                   a.attnotnull AND NOT a.atthasdef AND a.attidentity = '', a.attidentity = 'a',
                   coalesce(to_jsonb(a) ->> 'attgenerated', ''),
                   (SELECT u.place FROM unnest(k.indkey::int2[]) WITH ORDINALITY AS u(attnum, place)
                     WHERE u.attnum = a.attnum),
                   EXISTS (SELECT FROM pg_index x WHERE x.indrelid = a.attrelid AND a.attnum = ANY (x.indkey)),
                   EXISTS (SELECT FROM pg_constraint f
                            WHERE f.conrelid = a.attrelid AND f.contype = 'f' AND a.attnum = ANY (f.conkey)),
                   (SELECT string_agg(x.indexrelid::text, ',') FROM pg_index x
                     WHERE x.indrelid = a.attrelid AND x.indisunique AND a.attnum = ANY (x.indkey))
              FROM pg_attribute a
              JOIN pg_type t ON t.oid = a.atttypid
              JOIN pg_type b ON b.oid = coalesce(nullif(t.typbasetype, 0), t.oid)
              LEFT JOIN pg_type e ON e.oid = b.typelem AND b.typcategory = 'A'
              LEFT JOIN LATERAL (SELECT indkey FROM pg_index i
                                  WHERE i.indrelid = a.attrelid AND (i.indisprimary OR i.indisreplident)
                                  ORDER BY i.indisprimary DESC LIMIT 1) k ON true
             WHERE a.attrelid = %s::regclass AND a.attnum > 0 AND NOT a.attisdropped
             ORDER BY a.attnum""";

    /** Before 18 the only ones; those that are computed by who reads them are never published. */
    private static final String STORED = "s";

    private static final String PUBLISHED = """
            SELECT DISTINCT schemaname, tablename FROM pg_publication_tables WHERE pubname IN (%s)
            EXCEPT
            SELECT n.nspname, c.relname
              FROM pg_subscription_rel r JOIN pg_class c ON c.oid = r.srrelid JOIN pg_namespace n ON n.oid = c.relnamespace
            ORDER BY 1, 2""";

    /** A table's parts are a matter of its own, and a table that others refer to cannot be truncated alone. */
    private static final String TRUNCATABLE = """
            SELECT relkind = 'r' AND NOT EXISTS (SELECT FROM pg_constraint WHERE contype = 'f' AND confrelid = c.oid)
              FROM pg_class c WHERE oid = %s::regclass""";

    private final Node node;

    TableCatalog(Node node) {
        this.node = node;
    }

    /** What publications have and no subscription brings, listed or not. */
    List<TableName> published(List<Publication> publications) {
        String names = publications.stream()
                .map(publication -> Sql.literal(publication.name()))
                .distinct()
                .collect(Collectors.joining(", "));
        return node.query(PUBLISHED.formatted(names)).values().stream()
                .map(row -> new TableName(row.text(0), row.text(1)))
                .toList();
    }

    boolean canBeTruncated(TableName table) {
        return "t".equals(node.query(TRUNCATABLE.formatted(literal(table))).value());
    }

    /**
     * A table with what is to be known of its columns.
     *
     * @throws Unfit if it has a column that must have a value and no value can be made up for it
     */
    KeyedTable read(TableName table) throws Unfit {
        List<Row> rows = node.query(COLUMNS.formatted(literal(table))).values();
        List<KeyedTable.Column> columns = new ArrayList<>();
        List<String> stored = new ArrayList<>();
        String[] key = new String[rows.size() + 1];
        for (Row row : rows) {
            if (!row.text(9).isEmpty()) {
                if (row.text(9).equals(STORED)) {
                    stored.add(row.text(0));
                }
                continue;
            }
            Optional<String> place = Optional.ofNullable(row.get(10));
            place.ifPresent(number -> key[Integer.parseInt(number)] = row.text(0));
            columns.add(column(row, place.isPresent()));
        }
        List<String> keyed = Arrays.stream(key).filter(name -> name != null).toList();
        if (keyed.isEmpty()
                && columns.stream().allMatch(column -> column.value().isEmpty())) {
            throw new Unfit("has no key and no column of which anything can be made up");
        }
        boolean isKeyless = keyed.isEmpty();
        List<String> identifying =
                isKeyless ? columns.stream().map(KeyedTable.Column::name).toList() : keyed;
        return new KeyedTable(table, columns, stored, identifying, Set.of(), isKeyless);
    }

    private static KeyedTable.Column column(Row row, boolean isKey) throws Unfit {
        Optional<MadeUpValue> value = value(row);
        boolean needed = isKey || "t".equals(row.get(7));
        boolean refers = "t".equals(row.get(12));
        if (needed && value.isEmpty()) {
            throw new Unfit("column " + row.text(0) + " is " + row.text(5) + ", of which nothing can be made up");
        }
        boolean leftAlone = !needed && (refers || value.isEmpty() || "t".equals(row.get(8)));
        boolean indexed = "t".equals(row.get(11));
        boolean text = row.text(5).equals("text") || row.text(5).equals("character varying");
        return new KeyedTable.Column(
                row.text(0),
                leftAlone ? "" : value.orElseThrow().expression(),
                text && !indexed,
                "t".equals(row.get(8)));
    }

    private static Optional<MadeUpValue> value(Row row) {
        return MadeUpValue.of(new MadeUpValue.Type(
                row.text(1),
                Integer.parseInt(row.text(2)),
                Integer.parseInt(row.text(3)),
                "t".equals(row.get(4)),
                row.text(5),
                row.text(6)));
    }

    /** Whether rows that others make up elsewhere, of other numbers, can be in the same table. */
    boolean keepsApart(TableName table) {
        Set<String> unique = new LinkedHashSet<>();
        Set<String> apart = new HashSet<>();
        for (Row row : node.query(COLUMNS.formatted(literal(table))).values()) {
            if (row.get(13) != null) {
                List<String> indexes = List.of(row.text(13).split(","));
                unique.addAll(indexes);
                if (value(row).filter(MadeUpValue::distinct).isPresent()) {
                    apart.addAll(indexes);
                }
            }
        }
        return apart.containsAll(unique);
    }

    private static String literal(TableName table) {
        return Sql.literal(Sql.table(table));
    }

    /** Why a table is left alone, as the rest of a sentence that begins with its name. */
    static final class Unfit extends Exception {
        private static final long serialVersionUID = 1L;

        Unfit(String why) {
            super(why);
        }

        String why() {
            return String.valueOf(getMessage());
        }
    }
}
