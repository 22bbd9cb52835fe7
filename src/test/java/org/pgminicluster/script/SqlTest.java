package org.pgminicluster.script;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.pgminicluster.topology.TableName;

/** Quoting: quotes where they are needed, none where they are not. */
class SqlTest {

    @ParameterizedTest
    @ValueSource(strings = {"test", "test2", "_t", "a_b_1", "id", "name"})
    void a_plain_name_stays_plain(String name) {
        assertThat(Sql.identifier(name)).isEqualTo(name);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Test",
                "2test",
                "a-b",
                "a b",
                "a.b",
                "tab'le",
                "ünï",
                "таблица",
                "表",
                "a$",
                "a\\b",
                "a\nb",
                "user",
                "table",
                "order",
                "select",
                "all",
                "between",
                "int",
                "left",
                "overlaps",
                "window",
                "none"
            })
    void any_other_name_is_quoted(String name) {
        assertThat(Sql.identifier(name)).isEqualTo("\"" + name + "\"");
    }

    @Test
    void a_quote_in_a_name_is_doubled() {
        assertThat(Sql.identifier("tab'le \"x\"")).isEqualTo("\"tab'le \"\"x\"\"\"");
    }

    @Test
    void a_table_is_qualified_so_that_no_search_path_matters() {
        assertThat(Sql.table(TableName.of("test"))).isEqualTo("public.test");
        assertThat(Sql.table(TableName.of("app.test"))).isEqualTo("app.test");
        assertThat(Sql.table(TableName.of("My App.Order"))).isEqualTo("\"My App\".\"Order\"");
        assertThat(Sql.tables(List.of(TableName.of("test"), TableName.of("user"))))
                .isEqualTo("public.test, public.\"user\"");
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '|',
            value = {
                "|abc|, |'abc'|",
                "||, |''|",
                "|it's|, |'it''s'|",
                "|say \"x\"|, |'say \"x\"'|",
                "|a\\b|, |E'a\\\\b'|",
                "|a\\'b|, |E'a\\\\''b'|",
                "|ünï|, |'ünï'|"
            })
    void a_text_becomes_a_literal(String text, String literal) {
        assertThat(Sql.literal(text)).isEqualTo(literal);
    }
}
