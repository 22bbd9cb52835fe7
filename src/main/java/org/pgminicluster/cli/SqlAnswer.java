package org.pgminicluster.cli;

import java.io.IOException;
import java.io.Reader;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.pgminicluster.cli.wire.RowValues;
import org.pgminicluster.cli.wire.SqlConnection;
import org.pgminicluster.journal.Event;
import org.pgminicluster.journal.Row;
import org.pgminicluster.journal.Rows;
import org.pgminicluster.script.Statements;

/**
 * What comes of statements that were sent at once: printed while it comes, however much it is, and written to the
 * journal, which gets the begin of great results and says so.
 */
final class SqlAnswer implements SqlConnection.Listener {

    /** Of one result, in characters. A report shows a tenth of it. */
    private static final int MOST_IN_JOURNAL = 64_000;

    /** A server reads all that it was sent before it begins with the first statement. */
    private static final String SYNTAX_ERROR = "42601";

    private static final String QUERY_CANCELED = "57014";

    private final String database;
    private final String sql;
    private final List<String> statements;
    private final Consumer<Event> journal;
    private final Terminal terminal;
    private final ResultPrinter printer;

    private int next;
    private long since = System.nanoTime();
    private boolean failed;
    private boolean cancelled;
    private @Nullable List<String> columns;
    private final List<Row> kept = new ArrayList<>();
    private long keptLetters;
    private long count;
    private boolean shortened;

    /** @param journal is told of each statement */
    SqlAnswer(String database, String sql, Consumer<Event> journal, Terminal terminal, ResultPrinter printer) {
        this.database = database;
        this.sql = sql;
        this.statements = Statements.split(sql);
        this.journal = journal;
        this.terminal = terminal;
        this.printer = printer;
    }

    boolean isFailed() {
        return failed;
    }

    @Override
    public void columns(List<String> names) throws IOException {
        columns = List.copyOf(names);
        printer.begin(columns);
    }

    @Override
    public void row(RowValues values) throws IOException {
        count++;
        boolean keeping = !shortened && keptLetters < MOST_IN_JOURNAL;
        List<@Nullable String> row = new ArrayList<>();
        printer.beginRow();
        while (values.hasNext()) {
            @Nullable Reader value = values.next();
            @Nullable String shown = value == null ? null : printer.value(value);
            if (value == null) {
                printer.none();
            }
            if (keeping) {
                row.add(shown == null ? null : keep(shown));
            }
        }
        printer.endRow();
        if (keeping) {
            // Values without letters take room, too.
            keptLetters += row.size() + 1;
            kept.add(new Row(row));
        } else {
            shortened = true;
        }
    }

    private String keep(String shown) {
        int room = (int) Math.max(0, MOST_IN_JOURNAL - keptLetters);
        keptLetters += shown.length();
        if (shown.length() <= room) {
            return shown;
        }
        shortened = true;
        return shown.substring(0, room) + "…";
    }

    @Override
    public void done(String tag) throws IOException {
        @Nullable List<String> names = columns;
        if (names == null) {
            Event.Done done = new Event.Done(countIn(tag), tag);
            printer.done(done);
            record(done);
        } else {
            printer.end(tag, count);
            record(new Event.Selected(new Rows(names, kept)));
            if (shortened) {
                journal.accept(new Event.Observation(
                        "NOTE",
                        "the result above had " + count + (count == 1 ? " row" : " rows")
                                + ", of which the journal has the begin alone"));
            }
        }
        forget();
    }

    /** The number of rows is the last word of a tag that has one. */
    private static long countIn(String tag) {
        String last = tag.substring(tag.lastIndexOf(' ') + 1);
        return last.matches("\\d{1,18}") ? Long.parseLong(last) : 0;
    }

    @Override
    public void notice(Map<Character, String> fields) {
        StringBuilder text = new StringBuilder(fields.getOrDefault('M', ""));
        addTo(text, "DETAIL", fields.get('D'));
        addTo(text, "HINT", fields.get('H'));
        observe(fields.getOrDefault('V', fields.getOrDefault('S', "WARNING")), text.toString());
    }

    private static void addTo(StringBuilder text, String what, @Nullable String said) {
        if (said != null) {
            text.append('\n').append(what).append(":  ").append(said);
        }
    }

    @Override
    public void refused(Map<Character, String> fields) throws IOException {
        failed = true;
        cancelled = QUERY_CANCELED.equals(fields.get('C'));
        @Nullable String position = fields.get('P');
        Event.Failed refusal = new Event.Failed(
                fields.getOrDefault('C', ""),
                fields.getOrDefault('M', ""),
                fields.get('D'),
                fields.get('H'),
                position == null ? null : ErrorPlace.of(sql, Integer.parseInt(position)),
                fields.get('W'));
        printer.done(refusal);
        boolean nothingBegun = SYNTAX_ERROR.equals(refusal.sqlState()) && next == 0;
        journal.accept(new Event.Sql(database, nothingBegun ? sql.strip() : statement(), refusal, millis()));
        forget();
    }

    /** The server only says that it was asked to stop; by whom, and why, is known here. */
    void tookTooLong(double seconds) {
        if (cancelled) {
            observe(
                    "NOTE",
                    "it took longer than the " + seconds + " s that a statement may take here; more with"
                            + " -Dminicluster.timeout.scale");
        }
    }

    private void record(Event.Result result) {
        journal.accept(new Event.Sql(database, statement(), result, millis()));
        next++;
        since = System.nanoTime();
    }

    private void forget() {
        columns = null;
        kept.clear();
        keptLetters = 0;
        count = 0;
        shortened = false;
    }

    private void observe(String what, String text) {
        terminal.err().println(what + ":  " + text);
        journal.accept(new Event.Observation(what, text));
    }

    /** A rule may give a statement more than one result. */
    private String statement() {
        return statements.get(Math.min(next, statements.size() - 1));
    }

    private double millis() {
        return (System.nanoTime() - since) / 1e6;
    }
}
