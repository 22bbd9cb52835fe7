package org.pgminicluster.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.pgminicluster.journal.Entry;
import org.pgminicluster.journal.Event;
import org.pgminicluster.journal.Event.Fault.Phase;
import org.pgminicluster.journal.FaultFacts;
import org.pgminicluster.journal.FaultKind;
import org.pgminicluster.journal.JournalReader;
import org.pgminicluster.journal.Trace;
import org.pgminicluster.journal.Words;

/** What was not to arrive is no failure, and what was is: vm1 writes, vm3 follows it, and vm4 is vm3's standby. */
class AbsencesTest {

    private final List<Entry> entries = new ArrayList<>();
    private double millis;

    AbsencesTest() {
        add(
                null,
                new Trace.Layout(
                        List.of(),
                        List.of(
                                new Trace.Arrow("vm1", "vm3", false, "sub", List.of("pub"), "sub", List.of("test")),
                                new Trace.Arrow("vm3", "vm4", true, "vm4", List.of(), "vm4", List.of()))));
        add("vm1", new Trace.Probe("running", "0/1", List.of(), List.of()));
        add("vm4", new Trace.Probe("standby", "0/1", List.of(), List.of()));
    }

    private void add(@Nullable String node, Event event) {
        millis += 10;
        entries.add(new Entry(entries.size() + 1L, millis, node, event));
    }

    private void write(String lsn) {
        add("vm1", new Event.Sql("rep", "INSERT INTO test VALUES (1)", new Event.Done(1), 1));
        add("vm1", new Trace.Commit(lsn, "INSERT", List.of("test")));
    }

    private void arrive(String lsn, String node) {
        boolean physical = node.equals("vm4");
        add(node, new Trace.Arrival("vm1", lsn, physical ? "vm3" : "vm1", physical));
    }

    private void arrive(String lsn) {
        arrive(lsn, "vm3");
        arrive(lsn, "vm4");
    }

    private void fault(FaultKind kind, String node, Phase phase) {
        add(node, new Event.Fault(FaultFacts.of(kind, node), phase, Words.verbatim("")));
    }

    private String markdown(Locale language) {
        return Report.of(new JournalReader.Reading(entries, List.of(), 0), Labels.of(language))
                .markdown();
    }

    private String matrix() {
        String markdown = markdown(Locale.ENGLISH);
        return markdown.lines()
                .filter(line -> line.contains("INSERT test, on vm1") && line.startsWith("| "))
                .findFirst()
                .orElse(markdown);
    }

    @ParameterizedTest
    @EnumSource(names = {"KILL", "STOP", "PAUSE"})
    void a_node_that_was_taken_down_on_purpose_was_not_to_get_it(FaultKind kind) {
        write("0/100");
        arrive("0/100");
        fault(kind, "vm3", Phase.DONE);
        write("0/200");

        assertThat(matrix()).contains("| ✓ after 10 ms; 1 of 2 not to arrive: vm3 is down |");
        assertThat(markdown(Locale.ENGLISH)).doesNotContain("-xnode\\_vm3", "-xnode_vm3", "not seen to arrive |");
        assertThat(markdown(Locale.forLanguageTag("ru"))).contains("1 из 2 не должно было дойти: vm3 остановлен");
    }

    @ParameterizedTest
    @CsvSource({"KILL, START, DONE", "PAUSE, RESUME, DONE", "KILL, KILL, HEALED", "STOP, STOP, HEALED"})
    void one_that_came_back_was(FaultKind kind, FaultKind back, Phase phase) {
        fault(kind, "vm3", phase == Phase.DONE ? Phase.DONE : Phase.OPENED);
        write("0/200");
        fault(back, "vm3", phase);

        assertThat(matrix()).contains("✗ 1 of 1 not seen to arrive");
        assertThat(markdown(Locale.ENGLISH)).contains("-xnode_vm3");
    }

    @Test
    void one_whose_place_another_has_taken_was_not() {
        fault(FaultKind.KILL, "vm3", Phase.DONE);
        fault(FaultKind.PROMOTE, "vm4", Phase.DONE);
        add("vm4", new Event.TakenOver("vm3", true, List.of("sub"), List.of(), 70));
        write("0/200");
        arrive("0/200", "vm4");

        assertThat(matrix()).contains("| – 1 of 1 not to arrive: vm4 has taken the place of vm3 |");
    }

    @Test
    void nor_was_one_that_is_the_standby_of_another_now() {
        fault(FaultKind.KILL, "vm3", Phase.DONE);
        add("vm4", new Event.TakenOver("vm3", true, List.of("sub"), List.of(), 70));
        add("vm3", new Event.Fault(FaultFacts.of(FaultKind.FOLLOW, "vm4"), Phase.DONE, Words.verbatim("")));
        write("0/200");

        assertThat(matrix()).contains("– 1 of 1 not to arrive: vm4 has taken the place of vm3");
    }

    @Test
    void nor_was_a_dropped_subscription_but_for_what_came_before() {
        write("0/100");
        add("vm3", new Event.Sql("rep", "DROP SUBSCRIPTION sub", new Event.Done(0), 1));
        write("0/200");

        assertThat(matrix()).contains("✗ 1 of 2 not seen to arrive");

        entries.removeIf(entry ->
                entry.event() instanceof Trace.Commit commit && commit.lsn().equals("0/100"));
        assertThat(matrix()).contains("– 1 of 1 not to arrive: sub was dropped");

        add("vm3", new Event.Sql("rep", "CREATE SUBSCRIPTION sub CONNECTION ''", new Event.Done(0), 1));
        assertThat(matrix()).contains("✗ 1 of 1 not seen to arrive");
    }

    @Test
    void what_was_written_before_a_standby_was_there_came_with_its_base_backup() {
        entries.removeIf(entry -> "vm4".equals(entry.node()));
        write("0/100");
        add("vm4", new Trace.Probe("down", null, List.of(), List.of()));
        arrive("0/100", "vm3");
        add("vm4", new Trace.Probe("standby", "0/1", List.of(), List.of()));
        arrive("0/100", "vm4");

        assertThat(matrix()).contains("✓ by the base backup |").doesNotContain("to 4");
        assertThat(markdown(Locale.ENGLISH)).contains("node_vm3-->>node_vm4: by the base backup");

        write("0/200");
        arrive("0/200");
        assertThat(matrix()).contains("| ✓ after 20 ms |");
    }
}
