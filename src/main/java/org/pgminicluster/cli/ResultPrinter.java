package org.pgminicluster.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.Reader;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.pgminicluster.journal.Event;
import org.pgminicluster.journal.Row;
import org.pgminicluster.journal.Rows;

/** Prints results piece by piece, so that they may be of any size. */
abstract class ResultPrinter {

    private static final int ROWS_A_LOOK = 1000;

    private final Terminal terminal;
    private long rows;

    private ResultPrinter(Terminal terminal) {
        this.terminal = terminal;
    }

    static ResultPrinter on(Terminal terminal, boolean json) {
        return json ? new Json(terminal) : new Text(terminal);
    }

    /** Rows with these columns follow. */
    abstract void begin(List<String> columns) throws IOException;

    void beginRow() throws IOException {}

    /** Takes a value, and returns its begin. */
    abstract String value(Reader value) throws IOException;

    /** Takes a NULL. */
    abstract void none() throws IOException;

    /** Stops where nobody reads any more, since the rest may be long. */
    void endRow() throws IOException {
        if (++rows % ROWS_A_LOOK == 0) {
            requireRead();
        }
    }

    void requireRead() {
        if (terminal.lost().isPresent()) {
            throw CommandException.unread();
        }
    }

    /** All rows have come. */
    abstract void end(String tag, long count) throws IOException;

    /** A statement has no rows, or was refused, be it in the middle of them. */
    abstract void done(Event.Result result) throws IOException;

    private static String begin(Reader value, int most) throws IOException {
        char[] letters = new char[Math.min(most, 4096)];
        StringBuilder begin = new StringBuilder();
        for (int read = value.read(letters); read >= 0; read = value.read(letters)) {
            begin.append(letters, 0, read);
            if (begin.length() >= most) {
                break;
            }
            letters = letters.length < most - begin.length() ? letters : new char[most - begin.length()];
        }
        return begin.toString();
    }

    /**
     * As psql's aligned format. Widths are those of as many rows as can be held; a value of which nobody wants to see all
     * is shortened, and it is said where all of it can be had.
     */
    private static final class Text extends ResultPrinter {

        private static final int LONGEST_VALUE = 1 << 20;
        private static final long LONGEST_ROW = 1 << 22;
        private static final long MOST_LETTERS = 1 << 20;
        private static final int MOST_ROWS = 10_000;

        private final Terminal terminal;
        private List<String> columns = List.of();
        private final List<Row> held = new ArrayList<>();
        private List<@Nullable String> row = new ArrayList<>();
        private int[] widths = {};
        private long left;
        private boolean begun;
        private boolean shortened;

        private Text(Terminal terminal) {
            super(terminal);
            this.terminal = terminal;
        }

        @Override
        void begin(List<String> names) {
            columns = names;
            begun = false;
            shortened = false;
            clear();
        }

        private void clear() {
            held.clear();
            widths = new int[columns.size()];
        }

        @Override
        void beginRow() {
            row = new ArrayList<>();
            left = LONGEST_ROW;
        }

        @Override
        String value(Reader value) throws IOException {
            String shown = ResultPrinter.begin(value, (int) Math.min(LONGEST_VALUE, left));
            left -= shown.length();
            if (value.read() >= 0) {
                shortened = true;
                shown += "…";
            }
            row.add(shown);
            return shown;
        }

        @Override
        void none() {
            row.add(null);
        }

        @Override
        void endRow() throws IOException {
            int[] wider = new int[columns.size()];
            long letters = 0;
            for (int i = 0; i < wider.length; i++) {
                @Nullable String value = row.get(i);
                wider[i] = Math.max(widths[i], value == null ? 0 : value.length());
                letters += wider[i] + 3;
            }
            boolean full = held.size() == MOST_ROWS || letters * (held.size() + 1) > MOST_LETTERS;
            if (full && !held.isEmpty()) {
                print();
                endRow();
                return;
            }
            widths = wider;
            held.add(new Row(row));
            super.endRow();
        }

        /** Those that are held, without the headings if they have been printed. */
        private void print() {
            String table = new Rows(columns, held).toString();
            int from = begun ? afterHeadings(table) : 0;
            terminal.out().append(table, from, table.lastIndexOf('\n') + 1);
            begun = true;
            clear();
            requireRead();
        }

        private int afterHeadings(String table) {
            // A name of many lines makes as many of the headings.
            int lines = 1
                    + columns.stream()
                            .mapToInt(name -> name.split("\n", -1).length)
                            .max()
                            .orElse(1);
            int at = 0;
            for (int i = 0; i < lines; i++) {
                at = table.indexOf('\n', at) + 1;
            }
            return at;
        }

        /** Of a change that returns rows psql shows both. */
        @Override
        void end(String tag, long count) {
            if (!held.isEmpty() || !begun) {
                print();
            }
            terminal.out().println("(" + count + (count == 1 ? " row)" : " rows)"));
            if (tag.matches("(INSERT|UPDATE|DELETE|MERGE)\\b.*")) {
                terminal.out().println(tag);
            }
            if (shortened) {
                terminal.err()
                        .println("NOTE:  values of more than " + LONGEST_VALUE
                                + " letters end here by …; minicluster sql --json prints all of them");
            }
        }

        @Override
        void done(Event.Result result) {
            clear();
            terminal.out().println(result instanceof Event.Done done ? done.tag() : result);
        }
    }

    /** A JSON value a result, written as it comes. */
    private static final class Json extends ResultPrinter {

        private static final int BEGIN = 1 << 16;

        private final Terminal terminal;
        private @Nullable JsonGenerator open;

        private Json(Terminal terminal) {
            super(terminal);
            this.terminal = terminal;
        }

        private JsonGenerator generator() throws IOException {
            JsonGenerator known = open;
            if (known == null) {
                known = terminal.jsonGenerator();
                open = known;
            }
            return known;
        }

        @Override
        void begin(List<String> columns) throws IOException {
            JsonGenerator json = generator();
            json.writeStartObject();
            json.writeStringField("kind", "rows");
            json.writeObjectFieldStart("rows");
            json.writeArrayFieldStart("columns");
            for (String column : columns) {
                json.writeString(column);
            }
            json.writeEndArray();
            json.writeArrayFieldStart("values");
        }

        @Override
        void beginRow() throws IOException {
            generator().writeStartArray();
        }

        @Override
        String value(Reader value) throws IOException {
            String begin = ResultPrinter.begin(value, BEGIN);
            generator().writeString(new Joined(begin, value), -1);
            return begin;
        }

        @Override
        void none() throws IOException {
            generator().writeNull();
        }

        @Override
        void endRow() throws IOException {
            generator().writeEndArray();
            super.endRow();
        }

        @Override
        void end(String tag, long count) throws IOException {
            close();
        }

        @Override
        void done(Event.Result result) throws IOException {
            close();
            terminal.json(result);
        }

        /** What is open in it is closed with it. */
        private void close() throws IOException {
            JsonGenerator json = open;
            if (json != null) {
                json.close();
                open = null;
                terminal.out().println();
            }
        }
    }

    /** A text and what follows it. */
    private static final class Joined extends Reader {
        private final String begin;
        private final Reader rest;
        private int at;

        Joined(String begin, Reader rest) {
            this.begin = begin;
            this.rest = rest;
        }

        @Override
        public int read(char[] letters, int offset, int length) throws IOException {
            if (at == begin.length()) {
                return rest.read(letters, offset, length);
            }
            int read = Math.min(length, begin.length() - at);
            begin.getChars(at, at + read, letters, offset);
            at += read;
            return read;
        }

        @Override
        public void close() throws IOException {
            rest.close();
        }
    }
}
