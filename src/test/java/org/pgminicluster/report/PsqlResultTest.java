package org.pgminicluster.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.pgminicluster.journal.Row;
import org.pgminicluster.journal.Rows;
import org.pgminicluster.report.Block.Cell;

/** What psql prints becomes a table again, and nothing else does. */
class PsqlResultTest {

    @Test
    void a_result_is_a_table() {
        Rows rows = new Rows(List.of("id", "name"), List.of(Row.of(1, "local"), Row.of(20, null), Row.of(3, "+")));

        assertThat(PsqlResult.block(rows.toString()))
                .isEqualTo(new Block.Table(
                        "",
                        List.of("id", "name"),
                        List.of(
                                List.of(Cell.of("1"), Cell.of("local")),
                                List.of(Cell.of("20"), Cell.of("")),
                                List.of(Cell.of("3"), Cell.of("+")))));
    }

    @Test
    void so_is_one_without_rows_and_one_of_one_column() {
        assertThat(PsqlResult.block(new Rows(List.of("slot_name"), List.of()).toString()))
                .isEqualTo(new Block.Table("", List.of("slot_name"), List.of()));
        assertThat(PsqlResult.block(new Rows(List.of("n"), List.of(Row.of(1))).toString()))
                .isEqualTo(new Block.Table("", List.of("n"), List.of(List.of(Cell.of("1")))));
    }

    @Test
    void below_a_heading_that_is_its_caption() {
        assertThat(PsqlResult.below("walsenders", new Rows(List.of("pid"), List.of(Row.of(7))).toString()))
                .containsExactly(new Block.Table("walsenders", List.of("pid"), List.of(List.of(Cell.of("7")))));
        assertThat(PsqlResult.below("end of the log", "a\nb"))
                .containsExactly(new Block.Text(Block.Tone.PLAIN, "end of the log:"), new Block.Code("text", "a\nb"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ERROR:  no\nHINT:  yes",
                " a\n---\n b",
                " a\n---\n b\n(2 rows)",
                " a | b\n---+---\n x | y | z\n(1 row)",
                " a\n---\n one+\n two\n(1 row)",
                ""
            })
    void what_is_none_stays_as_it_is(String text) {
        assertThat(PsqlResult.block(text)).isEqualTo(new Block.Code("text", text));
    }
}
