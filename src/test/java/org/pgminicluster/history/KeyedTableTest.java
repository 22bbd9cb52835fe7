package org.pgminicluster.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.pgminicluster.history.KeyedTable.Ability;
import org.pgminicluster.history.KeyedTable.Column;
import org.pgminicluster.history.Plan.Attempt;
import org.pgminicluster.history.Plan.Change;
import org.pgminicluster.history.Plan.Write;
import org.pgminicluster.script.MadeUpValue;
import org.pgminicluster.topology.TableName;

/** The statements that are made for tables of anybody's. */
class KeyedTableTest {

    private static final KeyedTable TABLE = new KeyedTable(
            TableName.of("shop.my item"),
            List.of(
                    new Column("id", "(made_up.v)::integer", false, true),
                    new Column("order", "('row ' || made_up.v)::text", true, false),
                    new Column("shape", "", false, false)),
            List.of("id"),
            EnumSet.allOf(Ability.class));

    private static List<String> sql(KeyedTable table, Change change) {
        return new ChangeSql(table, 0).of(new Write("a", 3, change, 2));
    }

    @Test
    void names_are_quoted_and_numbers_are_the_transactions() {
        assertThat(sql(TABLE, Change.INSERT))
                .containsExactly("INSERT INTO shop.\"my item\" (id, \"order\") OVERRIDING SYSTEM VALUE SELECT"
                        + " (made_up.v)::integer, ('row ' || made_up.v)::text FROM generate_series(10000300::bigint,"
                        + " 10000301) AS made_up(v)");
        assertThat(sql(TABLE, Change.UPDATE))
                .containsExactly(
                        "UPDATE shop.\"my item\" AS written SET \"order\" = concat(left(written.\"order\", 100),"
                                + " '+3') FROM generate_series(10000300::bigint, 10000300) AS made_up(v) WHERE (written.id) IN"
                                + " (SELECT id FROM shop.\"my item\" ORDER BY id DESC LIMIT 2)");
        assertThat(sql(TABLE, Change.KEY_CHANGE))
                .singleElement()
                .asString()
                .startsWith("UPDATE shop.\"my item\" AS written SET id = (made_up.v)::integer FROM");
        assertThat(sql(TABLE, Change.DELETE))
                .containsExactly("DELETE FROM shop.\"my item\" AS written WHERE (written.id) IN (SELECT id FROM"
                        + " shop.\"my item\" ORDER BY id LIMIT 2)");
        assertThat(sql(TABLE, Change.TRUNCATE)).containsExactly("TRUNCATE shop.\"my item\"");
        assertThat(sql(TABLE, Change.LARGE)).singleElement().asString().contains("string_agg(md5");
        assertThat(sql(TABLE, Change.CANARY_ONLY)).isEmpty();
    }

    @Test
    void every_writer_has_numbers_of_its_own() {
        assertThat(new ChangeSql(TABLE, 4).of(new Write("a", 3, Change.INSERT, 1)))
                .singleElement()
                .asString()
                .contains("generate_series(50000300::bigint, 50000300)");
    }

    @Test
    void what_cannot_be_done_is_an_insert() {
        KeyedTable insertOnly = TABLE.able(Set.of());

        for (Change change : List.of(Change.UPDATE, Change.KEY_CHANGE, Change.DELETE, Change.TRUNCATE, Change.LARGE)) {
            assertThat(sql(insertOnly, change))
                    .as(change.toString())
                    .singleElement()
                    .asString()
                    .startsWith("INSERT");
        }
        assertThat(sql(TABLE, Change.SAVEPOINT)).anyMatch(sql -> sql.startsWith("DELETE"));
        assertThat(sql(insertOnly, Change.SAVEPOINT)).noneMatch(sql -> sql.startsWith("DELETE"));
        assertThat(sql(TABLE.able(Set.of(Ability.DELETE)), Change.TRUNCATE))
                .containsExactly("DELETE FROM shop.\"my item\"");
    }

    @Test
    void forbidden_writes_are_tried_in_every_way() {
        ChangeSql sql = new ChangeSql(TABLE, 0);

        assertThat(sql.of(Attempt.UPDATE_NOTHING)).endsWith(" WHERE written.id = (made_up.v)::integer");
        assertThat(sql.of(Attempt.TRUNCATE)).isEqualTo("TRUNCATE shop.\"my item\" CASCADE");
        assertThat(sql.of(Attempt.COPY)).isEqualTo("COPY shop.\"my item\" (id, \"order\") FROM STDIN");
        assertThat(TABLE.valuesToCopy(7)).startsWith("SELECT ((made_up.v)::integer)::text, ");
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', quoteCharacter = '"', textBlock = """
            int4    ; -1     ; 0 ; false ; integer       ; (made_up.v)::integer                      ; true
            int2    ; -1     ; 0 ; false ; smallint      ; (made_up.v % 32000)::smallint             ; false
            varchar ; 10     ; 0 ; false ; varchar(6)    ; (right('row ' || made_up.v, 6))::varchar(6) ; false
            varchar ; 14     ; 0 ; false ; varchar(10)   ; (right('row ' || made_up.v, 10))::varchar(10) ; true
            numeric ; 786439 ; 0 ; false ; numeric(12,3) ; (mod(made_up.v, 1000000000))::numeric(12,3) ; false
            numeric ; 917510 ; 0 ; false ; numeric(14,2) ; (made_up.v::numeric)::numeric(14,2)       ; true
            bool    ; -1     ; 0 ; true  ; boolean[]     ; ARRAY[made_up.v % 2 = 0, made_up.v % 2 = 0]::boolean[] ; false
            mood    ; -1     ; 3 ; false ; mood          ; ((enum_range(NULL::mood))[1 + made_up.v % 3])::mood ; false
            """)
    void values_are_made_of_numbers(
            String name, int modifier, int labels, boolean array, String written, String expression, boolean distinct) {
        assertThat(MadeUpValue.of(new MadeUpValue.Type(name, modifier, labels, array, written, name)))
                .isEqualTo(Optional.of(new MadeUpValue(expression, distinct)));
    }

    @Test
    void of_a_type_that_nobody_knows_nothing_is_made_up() {
        assertThat(MadeUpValue.of(new MadeUpValue.Type("polygon", -1, 0, false, "polygon", "polygon")))
                .isEmpty();
    }
}
