package org.pgminicluster.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How a table is named in a topology: as the catalog has it, with SQL's quotes only where a dot is part of the name. */
class TableNameTest {

    static Stream<Arguments> readable() {
        return Stream.of(
                Arguments.of("test", "public", "test"),
                Arguments.of("app.test", "app", "test"),
                Arguments.of("Test", "public", "Test"),
                Arguments.of("tab'le \"x\"", "public", "tab'le \"x\""),
                Arguments.of("a b.c d", "a b", "c d"),
                Arguments.of("\"a.b\"", "public", "a.b"),
                Arguments.of("\"a.b\".\"c.d\"", "a.b", "c.d"),
                Arguments.of("\"say \"\"hi\"\"\"", "public", "say \"hi\""),
                Arguments.of("\"ш\"\".\".\"т\"", "ш\".", "т"));
    }

    @ParameterizedTest
    @MethodSource("readable")
    void is_read_as_schema_and_name(String text, String schema, String name) {
        assertThat(TableName.of(text)).isEqualTo(new TableName(schema, name));
    }

    @ParameterizedTest
    @ValueSource(strings = {".test", "app.", "a.b.c", "\"a", "\"a\"x", "\"a\".b", "\"\"", "\"a\".\"\"", "."})
    void what_could_mean_anything_is_refused(String text) {
        assertThatThrownBy(() -> TableName.of(text))
                .isInstanceOf(InvalidTopologyException.class)
                .hasMessage("expected a table's name to be table, schema.table or \"schema\".\"table\", but was " + text
                        + "; quote a name that holds a dot");
    }

    @Test
    void an_empty_name_is_refused() {
        assertThatThrownBy(() -> TableName.of(""))
                .isInstanceOf(InvalidTopologyException.class)
                .hasMessage("expected a table's name to have a schema and a name, but was \"public\".\"\";"
                        + " write it as table or schema.table");
    }

    @Test
    void is_printed_without_the_schema_public() {
        assertThat(Stream.of("public.test", "app.test").map(TableName::of).map(TableName::toString))
                .containsExactly("test", "app.test");
    }

    @Test
    void is_ordered_by_schema_then_name() {
        assertThat(Stream.of("b.a", "a.b", "a.a", "test").map(TableName::of).sorted())
                .containsExactly(
                        new TableName("a", "a"),
                        new TableName("a", "b"),
                        new TableName("b", "a"),
                        new TableName("public", "test"));
    }
}
