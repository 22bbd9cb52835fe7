package org.pgminicluster.script;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;
import org.pgminicluster.topology.InvalidTopologyException;
import org.pgminicluster.topology.Topology;

/**
 * Reads a script piece by piece, the way psql would: a plain dump as {@code pg_dump} writes it, or statements of one's own.
 * What only psql could do is refused with its line.
 *
 * @see <a href="https://www.postgresql.org/docs/13/app-psql.html">psql</a>
 */
@API(status = API.Status.INTERNAL)
public final class ScriptReader {

    private static final Pattern ENCODING = Pattern.compile(
            "SET\\s+(?:SESSION\\s+|LOCAL\\s+)?client_encoding\\s*(?:=|\\bTO\\b)\\s*'?([\\w-]+)'?",
            Pattern.CASE_INSENSITIVE);

    private final ScriptPlace place;
    private final String database;
    private final String text;
    private final StatementScanner scanner;
    private int line = 1;
    private int counted;

    /** @param step one that loads a script */
    public ScriptReader(Step step, Step.Load load) {
        this.place = ScriptPlace.of(step, load);
        this.database = step.database();
        this.text = load.script().sql();
        this.scanner = new StatementScanner(text, true);
    }

    /**
     * Reads all scripts of a topology once, so that what none of its servers could take is refused before they start.
     *
     * @throws InvalidTopologyException for the first thing that is for psql alone, or is not closed
     */
    public static void check(Topology topology) {
        for (Step step : Script.of(topology, Peers.byName()).steps()) {
            if (step.command() instanceof Step.Load load) {
                ScriptReader reader = new ScriptReader(step, load);
                while (reader.next() != null) {
                    // To read is to check.
                }
            }
        }
    }

    /** What places in this script are called. */
    public ScriptPlace place() {
        return place;
    }

    /**
     * The next piece, or null at the end.
     *
     * @throws InvalidTopologyException if it is for psql alone, or is not closed
     */
    public @Nullable ScriptPiece next() {
        while (true) {
            StatementScanner.Stop stop = scanner.next();
            ScriptPiece piece = stop == StatementScanner.Stop.BACKSLASH ? command(scanner.end()) : statement(stop);
            if (piece != null || stop == StatementScanner.Stop.END) {
                return piece;
            }
        }
    }

    /** Whether one of the statements from here on holds that. */
    boolean finds(Pattern pattern) {
        for (ScriptPiece piece = next(); piece != null; piece = next()) {
            if (piece instanceof ScriptPiece.Statement statement
                    && pattern.matcher(statement.sql()).find()) {
                return true;
            }
        }
        return false;
    }

    private @Nullable ScriptPiece statement(StatementScanner.Stop stop) {
        if (stop == StatementScanner.Stop.END) {
            requireClosed(scanner.open());
        }
        if (scanner.saysNothing()) {
            return null;
        }
        int begin = lineOf(scanner.first());
        String sql = scanner.statement();
        switch (scanner.copy()) {
            case IN -> {
                return rows(begin, sql, stop);
            }
            case OUT ->
                throw place.refused(
                        begin, "write no rows to psql's output", sql, "take it out, or copy to a file or a table");
            case NONE -> {}
        }
        requireEncoding(begin, sql);
        return isOfOwnDatabase(sql) ? null : new ScriptPiece.Statement(begin, sql);
    }

    private void requireClosed(SqlLexer.@Nullable Open open) {
        if (open != null) {
            throw new InvalidTopologyException("expected the " + open.what() + " that begins in "
                    + place.at(lineOf(open.at())) + " to be closed, but it is open at the end; close it with "
                    + open.end());
        }
    }

    private ScriptPiece rows(int begin, String sql, StatementScanner.Stop stop) {
        int first = stop == StatementScanner.Stop.END ? text.length() : endOfLine(scanner.at());
        String behind = text.substring(Math.min(scanner.at(), first), first).strip();
        if (!behind.isEmpty()) {
            throw place.refused(
                    begin, "have nothing between COPY ... FROM stdin; and its rows", behind, "begin a new line there");
        }
        int rowsLine = lineOf(first);
        int end = endOfRows(first);
        if (end < 0) {
            throw new InvalidTopologyException("expected the rows of COPY in " + place.at(begin)
                    + " to end, but they go on to the end of the script; end them with a line that holds \\. alone");
        }
        scanner.moveTo(endOfLine(end));
        return new ScriptPiece.Rows(begin, sql, rowsLine, text, first, end);
    }

    /** Where the line that holds {@code \.} alone begins, or -1 if there is none. */
    private int endOfRows(int first) {
        for (int found = text.indexOf("\\.", first); found >= 0; found = text.indexOf("\\.", found + 2)) {
            boolean begins = found == first || text.charAt(found - 1) == '\n';
            if (begins && text.substring(found + 2, endOfLine(found)).isBlank()) {
                return found;
            }
        }
        return -1;
    }

    private int endOfLine(int from) {
        int end = text.indexOf('\n', from);
        return end < 0 ? text.length() : end + 1;
    }

    /** JDBC's driver speaks UTF-8 and ends the connection if another encoding is set. */
    private void requireEncoding(int begin, String sql) {
        Matcher encoding = ENCODING.matcher(sql);
        if (scanner.firstWord().equals("SET") && encoding.matches()) {
            requireUtf8(begin, encoding.group(1), sql);
        }
    }

    private void requireUtf8(int begin, String encoding, String said) {
        if (!encoding.matches("(?i)utf-?8|unicode|default")) {
            throw place.refused(
                    begin,
                    "say client_encoding UTF8",
                    said,
                    "dump again with pg_dump --encoding=UTF8, or convert the file and this line");
        }
    }

    /** The database is there before a script runs in it; a dump made with --create makes it, and may drop it before. */
    private boolean isOfOwnDatabase(String sql) {
        if (!scanner.firstWord().equals("CREATE") && !scanner.firstWord().equals("DROP")) {
            return false;
        }
        SqlTokens tokens = SqlTokens.of(sql);
        if (!tokens.hasWord(1, "DATABASE")) {
            return false;
        }
        int name = tokens.hasWord(2, "IF") ? 4 : 2;
        return database.equals(tokens.name(name));
    }

    private @Nullable ScriptPiece command(int begin) {
        int end = endOfLine(begin);
        String command = text.substring(begin, end).strip();
        int at = lineOf(begin);
        scanner.moveTo(end);
        List<String> words = PsqlWords.of(command);
        String name = words.get(0);
        if (!scanner.saysNothing()) {
            throw place.forPsql(at, command);
        }
        switch (name) {
            case "\\restrict", "\\unrestrict", "\\echo" -> {
                return null;
            }
            case "\\connect", "\\c" -> {
                if (!database.equals(PsqlWords.database(words, database))) {
                    throw place.refused(
                            at,
                            "connect to \"" + database + "\", the database that it is run in",
                            command,
                            "name the topology's database so by .database(...), or dump without --create");
                }
                return new ScriptPiece.Connect(at);
            }
            case "\\encoding" -> {
                requireUtf8(at, words.size() > 1 ? words.get(1) : "", command);
                return null;
            }
            case "\\set" -> {
                if (words.size() > 1 && words.get(1).equals("ON_ERROR_STOP")) {
                    return null;
                }
                throw place.forPsql(at, command);
            }
            default -> throw place.forPsql(at, command);
        }
    }

    /** Counts on from where it has counted before; what is asked for last lies furthest. */
    private int lineOf(int offset) {
        if (offset < counted) {
            line = 1;
            counted = 0;
        }
        for (int found = text.indexOf('\n', counted);
                found >= 0 && found < offset;
                found = text.indexOf('\n', found + 1)) {
            line++;
        }
        counted = offset;
        return line;
    }
}
