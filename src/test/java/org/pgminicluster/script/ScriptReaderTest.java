package org.pgminicluster.script;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.io.Reader;
import java.io.StringWriter;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.pgminicluster.script.ScriptPiece.Connect;
import org.pgminicluster.script.ScriptPiece.Rows;
import org.pgminicluster.script.ScriptPiece.Statement;
import org.pgminicluster.topology.InvalidTopologyException;
import org.pgminicluster.topology.SqlScript;
import org.pgminicluster.topology.Topology;

/** What psql would make of a script, and what is refused because only psql could. */
class ScriptReaderTest {

    private static ScriptReader reader(String text) {
        Step.Load load = new Step.Load(new SqlScript("dump.sql", text));
        return new ScriptReader(new Step("vm1", "rep", Step.Phase.SCHEMA, "", load), load);
    }

    private static List<ScriptPiece> pieces(String text) {
        ScriptReader reader = reader(text);
        List<ScriptPiece> pieces = new ArrayList<>();
        for (ScriptPiece piece = reader.next(); piece != null; piece = reader.next()) {
            pieces.add(piece);
        }
        return pieces;
    }

    private static String rows(ScriptPiece piece) throws IOException {
        StringWriter rows = new StringWriter();
        ((Rows) piece).rows().transferTo(rows);
        return rows.toString();
    }

    private static void refused(String text, String message) {
        assertThatThrownBy(() -> pieces(text))
                .isInstanceOf(InvalidTopologyException.class)
                .hasMessage(message);
    }

    @Test
    void statements_come_with_their_lines_and_without_the_comments_before_them() {
        assertThat(pieces("-- a; dump\n\nSELECT 1;\n/* x;\n */ SELECT\n 2 ; ;SELECT 3"))
                .containsExactly(
                        new Statement(3, "SELECT 1"), new Statement(5, "SELECT\n 2"), new Statement(6, "SELECT 3"));
        assertThat(pieces(" -- nothing")).isEmpty();
    }

    @Test
    void the_rows_of_a_copy_end_with_a_line_of_their_own() throws IOException {
        String text = "COPY a (x) FROM stdin;\n1;\n\\\\.\nSELECT '\n\\N\\.\n\\.\nSELECT 2;\n"
                + "copy \"from stdin\" from /* here; */ STDIN WITH (FORMAT csv) ;\r\n\"\"\r\n\\.\r\nSELECT 3;"
                + "COPY b FROM stdin;\n\\.";

        List<ScriptPiece> pieces = pieces(text);

        assertThat(pieces).extracting(ScriptPiece::line).containsExactly(1, 7, 8, 11, 11);
        assertThat(rows(pieces.get(0))).isEqualTo("1;\n\\\\.\nSELECT '\n\\N\\.\n");
        assertThat(((Rows) pieces.get(0)).rowsLine()).isEqualTo(2);
        assertThat(pieces.get(1)).isEqualTo(new Statement(7, "SELECT 2"));
        assertThat(rows(pieces.get(2))).isEqualTo("\"\"\r\n");
        assertThat(((Rows) pieces.get(2)).sql())
                .isEqualTo("copy \"from stdin\" from /* here; */ STDIN WITH (FORMAT csv)");
        assertThat(rows(pieces.get(4))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "COPY t FROM 'stdin'",
                "COPY t FROM \"stdin\"",
                "COPY t FROM '/tmp/from stdin'",
                "COPY (SELECT 1 FROM stdin) TO '/tmp/x'",
                "SELECT 'COPY t FROM stdin'",
                "CREATE FUNCTION f() RETURNS void LANGUAGE sql AS $$COPY t FROM stdin;$$"
            })
    void what_only_looks_like_a_copy_has_no_rows(String sql) {
        assertThat(pieces(sql + ";\nSELECT 1;")).containsExactly(new Statement(1, sql), new Statement(2, "SELECT 1"));
    }

    @Test
    void lines_of_psql_that_a_dump_has_are_taken() {
        assertThat(pieces("\\restrict abc;'\n\\connect rep\nSELECT 1;\n\\c -\n\\connect \"rep\" - -\n"
                        + "\\connect -reuse-previous=on \"dbname='rep'\"\n\\encoding UTF8\n\\echo it's\n"
                        + "\\set ON_ERROR_STOP on\n\\unrestrict abc"))
                .containsExactly(
                        new Connect(2), new Statement(3, "SELECT 1"), new Connect(4), new Connect(5), new Connect(6));
    }

    @Test
    void the_database_is_there_already() {
        assertThat(pieces(
                        "DROP DATABASE rep;\nDROP DATABASE IF EXISTS \"rep\";\nCREATE DATABASE rep ENCODING = 'UTF8';\n"
                                + "CREATE DATABASE other;ALTER DATABASE rep OWNER TO x"))
                .containsExactly(
                        new Statement(4, "CREATE DATABASE other"), new Statement(4, "ALTER DATABASE rep OWNER TO x"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\\i other.sql | give that file to schemaFrom(...) of its own",
                "\\ir other.sql | give that file to schemaFrom(...) of its own",
                "\\copy t from 'f' | write COPY ... FROM stdin; with the rows below it and a line \\. after them",
                "SELECT 'x' \\gexec | write the statements out that it would make",
                "\\set x 1 | write the value where the variable is used",
                "\\. | take it out: there are no rows of COPY that it could end",
                "\\if true | take it out, or say it in SQL",
                "\\ | take it out, or say it in SQL",
            })
    void what_only_psql_does_is_refused_with_its_line_and_what_to_do(String line, String advice) {
        refused(
                "SELECT 1;\n" + line + "\nSELECT 2;",
                "expected line 2 of dump.sql to be SQL, which a server understands without psql, but was \""
                        + line.substring(line.indexOf('\\')) + "\"; " + advice);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\\connect shop",
                "\\c rep somebody",
                "\\connect -reuse-previous=on \"dbname='it''s'\"",
                "\\connect 'a b"
            })
    void another_database_is_refused_by_name(String line) {
        refused(
                "\n" + line,
                "expected line 2 of dump.sql to connect to \"rep\", the database that it is run in, but was \"" + line
                        + "\"; name the topology's database so by .database(...), or dump without --create");
    }

    @ParameterizedTest
    @ValueSource(strings = {"SET client_encoding = 'LATIN1'", "set client_encoding to win1252"})
    void another_encoding_is_refused(String sql) {
        assertThat(pieces("SET client_encoding = 'UTF8'; SET client_encoding TO \"x\""))
                .hasSize(2);
        refused(
                "SELECT 1;\n\n" + sql + ";",
                "expected line 3 of dump.sql to say client_encoding UTF8, but was \"" + sql
                        + "\"; dump again with pg_dump --encoding=UTF8, or convert the file and this line");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "SELECT 'a; | literal | '",
                "SELECT E'a\\'; | literal | '",
                "SELECT U&'a; | literal | '",
                "SELECT \"a;\"\" | quoted name | \"",
                "DO $x$ BEGIN; $$ | text in dollar quotes | $x$",
                "SELECT 1; /* a; /* */ | comment | */",
                "CREATE RULE r AS ON INSERT TO t DO (SELECT 1; | parenthesis | )",
                "CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT CASE WHEN true THEN 1 END; | body of a function | END",
            })
    void what_is_not_closed_is_refused_where_it_begins(String end, String what, String close) {
        refused(
                "SELECT 1;\n\n" + end + "\nSELECT 2;\n",
                "expected the " + what + " that begins in line 3 of dump.sql to be closed, but it is open at the end;"
                        + " close it with " + close);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "COPY t FROM stdin;\n1\n2\n",
                "COPY t FROM stdin;",
                "COPY t FROM stdin",
                "COPY t FROM stdin;\n\\.x\n"
            })
    void rows_that_do_not_end_are_refused(String copy) {
        refused(
                "\n" + copy,
                "expected the rows of COPY in line 2 of dump.sql to end, but they go on to the end of the script; end"
                        + " them with a line that holds \\. alone");
    }

    @Test
    void rows_begin_on_a_line_of_their_own_and_go_nowhere_else() {
        refused(
                "COPY t FROM stdin; SELECT 1;\n\\.\n",
                "expected line 1 of dump.sql to have nothing between COPY ... FROM stdin; and its rows, but was \"SELECT"
                        + " 1;\"; begin a new line there");
        refused(
                "COPY t TO stdout;",
                "expected line 1 of dump.sql to write no rows to psql's output, but was \"COPY t TO stdout\"; take it out,"
                        + " or copy to a file or a table");
    }

    /** Before a dump could rely on the standard, it said so at its top. */
    @Test
    void a_backslash_means_what_the_script_has_set() {
        String off = "SET standard_conforming_strings = off;SELECT 'a\\';b' '\\\\';";

        assertThat(pieces(off + "SET standard_conforming_strings TO 'on';SELECT '\\';SELECT 1"))
                .extracting(piece -> ((Statement) piece).sql())
                .containsExactly(
                        "SET standard_conforming_strings = off",
                        "SELECT 'a\\';b' '\\\\'",
                        "SET standard_conforming_strings TO 'on'",
                        "SELECT '\\'",
                        "SELECT 1");
    }

    @Test
    void a_literal_may_go_on_in_another_line() {
        assertThat(pieces("SELECT E'a' -- x'\n 'b\\';c'; SELECT E'a' 'b\\';"))
                .containsExactly(
                        new Statement(1, "SELECT E'a' -- x'\n 'b\\';c'"), new Statement(2, "SELECT E'a' 'b\\'"));
    }

    @Test
    void whose_schema_it_is_when_there_is_no_file() {
        Topology topology = Topology.named("bad")
                .node("vm1")
                .node("vm2", n -> n.schema("SELECT 1").seed("SELECT 1;\nSELECT 'x"))
                .build();

        assertThatThrownBy(() -> ScriptReader.check(topology))
                .isInstanceOf(InvalidTopologyException.class)
                .hasMessage("expected the literal that begins in line 2 of the seed of vm2 to be closed, but it is open"
                        + " at the end; close it with '");
    }

    /** Cut anywhere, a script is either read in the same pieces up to there, or refused; and no piece is read twice. */
    @Test
    void every_begin_of_a_script_is_read_or_refused() {
        String text = "SET a = 'it''s;'; -- ;\nDO $x$ ; $x$; SELECT E'\\';' \"a;\"\"\" /* ; */ (1;2);\r\n"
                + "COPY t FROM stdin;\n1;\\.\n\\.\nCREATE FUNCTION f() BEGIN ATOMIC; SELECT CASE WHEN 1 END; END;\\restrict x\n"
                + "SELECT $1, a$b$c, U&'\\0441;', B'1';";
        List<ScriptPiece> all = pieces(text);
        assertThat(all).hasSize(6);
        for (int cut = 0; cut < text.length(); cut++) {
            List<ScriptPiece> some = new ArrayList<>();
            ScriptReader reader = reader(text.substring(0, cut));
            try {
                for (ScriptPiece piece = reader.next(); piece != null; piece = reader.next()) {
                    some.add(piece);
                }
            } catch (InvalidTopologyException e) {
                assertThat(e).hasMessageMatching("(?s)expected .*line \\d of dump.sql .*");
            }
            int whole = Math.max(0, some.size() - 1);
            assertThat(some.subList(0, whole))
                    .as(text.substring(0, cut))
                    .usingRecursiveComparison()
                    .ignoringFields("script")
                    .isEqualTo(all.subList(0, whole));
        }
    }

    @Test
    void rows_are_read_in_place() throws IOException {
        String row = "1\tsome text that fills a row\n";
        String text = "COPY t FROM stdin;\n" + row.repeat(1_000_000) + "\\.\nSELECT 1;\n";
        ThreadMXBean memory = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = memory.getCurrentThreadAllocatedBytes();

        List<ScriptPiece> pieces = pieces(text);
        long read = 0;
        char[] buffer = new char[1 << 16];
        try (Reader rows = ((Rows) pieces.get(0)).rows()) {
            for (int n = rows.read(buffer); n >= 0; n = rows.read(buffer)) {
                read += n;
            }
        }

        assertThat(read).isEqualTo(row.length() * 1_000_000L);
        assertThat(pieces.get(1)).isEqualTo(new Statement(1_000_003, "SELECT 1"));
        assertThat(memory.getCurrentThreadAllocatedBytes() - before).isLessThan(text.length() / 10);
    }

    @Test
    void a_read_ends_after_a_whole_character() {
        TextReader reader = new TextReader("-a\uD83C\uDFACb-", 1, 5);
        char[] buffer = new char[2];

        assertThat(reader.read(buffer, 0, 2)).isEqualTo(1);
        assertThat(reader.read(buffer, 0, 2)).isEqualTo(2);
        assertThat(new String(buffer)).isEqualTo("\uD83C\uDFAC");
        assertThat(reader.read(buffer, 0, 2)).isEqualTo(1);
        assertThat(reader.read(buffer, 0, 2)).isEqualTo(-1);
    }
}
