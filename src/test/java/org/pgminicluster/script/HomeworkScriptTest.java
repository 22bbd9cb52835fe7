package org.pgminicluster.script;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.pgminicluster.topology.HomeworkTopology;

/** The homework's script, node by node, word by word: what a person would type. */
class HomeworkScriptTest {

    private final Script script = Script.of(HomeworkTopology.create(), Peers.byName());

    @ParameterizedTest
    @ValueSource(strings = {"vm1", "vm2", "vm3"})
    void what_is_typed_on_a_node(String node) throws IOException {
        String typed = script.on(node).stream().map(HomeworkScriptTest::text).collect(Collectors.joining("\n"));

        assertThat(typed).isEqualTo(golden("homework-" + node + ".sql"));
    }

    @Test
    void on_10_a_trigger_calls_a_function_by_its_older_name() {
        assertThat(Script.of(HomeworkTopology.create(), Peers.byName(), 10).phase(Step.Phase.GUARD))
                .extracting(step -> step.command().toString())
                .filteredOn(sql -> sql.startsWith("CREATE TRIGGER"))
                .allMatch(sql -> sql.endsWith("FOR EACH STATEMENT EXECUTE PROCEDURE public.refuse_write()"));
    }

    @Test
    void nobody_subscribes_before_everybody_has_published() {
        List<Step.Phase> phases = script.steps().stream().map(Step::phase).toList();

        assertThat(phases).isSorted();
        assertThat(phases).last().isEqualTo(Step.Phase.SUBSCRIBE);
    }

    private static String text(Step step) {
        String typed = step.command().toString().strip();
        String end = step.command() instanceof Step.SetPassword || typed.endsWith(";") ? "" : ";";
        return "-- %s, %s: %s\n%s%s\n".formatted(step.database(), step.phase(), step.reason(), typed, end);
    }

    private static String golden(String name) throws IOException {
        try (InputStream in = HomeworkScriptTest.class.getResourceAsStream(name)) {
            return new String(Objects.requireNonNull(in, name).readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
