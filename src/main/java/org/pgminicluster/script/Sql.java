package org.pgminicluster.script;

import java.util.List;
import java.util.stream.Collectors;
import org.apiguardian.api.API;
import org.pgminicluster.topology.TableName;

/**
 * The one place that quotes. Names that need no quotes get none, so that SQL reads the way a person writes it.
 *
 * @see <a href="https://www.postgresql.org/docs/13/sql-syntax-lexical.html">Lexical Structure</a>
 */
@API(status = API.Status.INTERNAL)
public final class Sql {

    private Sql() {}

    /** A name as an identifier. */
    public static String identifier(String name) {
        boolean plain = name.matches("[a-z_][a-z0-9_]*") && !Keywords.RESERVED.contains(name);
        return plain ? name : "\"" + name.replace("\"", "\"\"") + "\"";
    }

    /** A table's name with its schema, even if that is {@code public}: what it means hangs on no search path. */
    public static String table(TableName table) {
        return identifier(table.schema()) + "." + identifier(table.name());
    }

    /** A text as a literal, whatever is in it and whatever {@code standard_conforming_strings} says. */
    public static String literal(String text) {
        String quoted = "'" + text.replace("'", "''") + "'";
        return text.indexOf('\\') < 0 ? quoted : "E" + quoted.replace("\\", "\\\\");
    }

    static String identifiers(List<String> names) {
        return names.stream().map(Sql::identifier).collect(Collectors.joining(", "));
    }

    static String tables(List<TableName> tables) {
        return tables.stream().map(Sql::table).collect(Collectors.joining(", "));
    }
}
