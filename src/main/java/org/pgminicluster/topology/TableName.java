package org.pgminicluster.topology;

import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apiguardian.api.API;

/** A table's schema and name exactly as the catalog has them: nothing is folded to lower case. */
@API(status = API.Status.MAINTAINED)
public record TableName(String schema, String name) implements Comparable<TableName>, Serializable {

    private static final String PUBLIC = "public";
    private static final Pattern QUOTED = Pattern.compile("\"((?:[^\"]|\"\")+)\"(?:\\.\"((?:[^\"]|\"\")+)\")?");

    public TableName {
        if (schema.isEmpty() || name.isEmpty()) {
            throw InvalidTopologyException.expected(
                    "a table's name",
                    "have a schema and a name",
                    "was \"" + schema + "\".\"" + name + "\"",
                    "write it as table or schema.table");
        }
    }

    /**
     * Reads {@code table} (in schema {@code public}), {@code schema.table}, or, for names that hold a dot, the
     * SQL form {@code "schema"."table"} with quotes doubled inside.
     *
     * @throws InvalidTopologyException if the text is none of these
     */
    public static TableName of(String text) {
        if (text.startsWith("\"")) {
            Matcher quoted = QUOTED.matcher(text);
            if (!quoted.matches()) {
                throw unreadable(text);
            }
            String first = quoted.group(1).replace("\"\"", "\"");
            String second = quoted.group(2);
            return second == null ? new TableName(PUBLIC, first) : new TableName(first, second.replace("\"\"", "\""));
        }
        int dot = text.indexOf('.');
        if (dot < 0) {
            return new TableName(PUBLIC, text);
        }
        if (dot == 0 || dot == text.length() - 1 || text.indexOf('.', dot + 1) >= 0) {
            throw unreadable(text);
        }
        return new TableName(text.substring(0, dot), text.substring(dot + 1));
    }

    static List<TableName> listOf(String... texts) {
        return Arrays.stream(texts).map(TableName::of).toList();
    }

    private static InvalidTopologyException unreadable(String text) {
        return InvalidTopologyException.expected(
                "a table's name",
                "be table, schema.table or \"schema\".\"table\"",
                "was " + text,
                "quote a name that holds a dot");
    }

    @Override
    public int compareTo(TableName other) {
        int bySchema = schema.compareTo(other.schema);
        return bySchema != 0 ? bySchema : name.compareTo(other.name);
    }

    /** Without {@code public}, for messages and pictures; SQL is rendered elsewhere. */
    @Override
    public String toString() {
        return schema.equals(PUBLIC) ? name : schema + "." + name;
    }
}
