package org.pgminicluster.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.pgminicluster.journal.Entry;
import org.pgminicluster.journal.Event;
import org.pgminicluster.journal.FaultFacts;
import org.pgminicluster.journal.FaultKind;
import org.pgminicluster.journal.JournalReader;
import org.pgminicluster.journal.Trace;
import org.pgminicluster.journal.Words;

/** What a report says of a failover: vm3 is lost after its second row, and vm4 takes over. */
class FailoverSectionTest {

    private final List<Entry> entries = new ArrayList<>();

    private void add(double millis, @Nullable String node, Event event) {
        entries.add(new Entry(entries.size() + 1L, millis, node, event));
    }

    private static Event.Fault fault(FaultFacts facts, Event.Fault.Phase phase) {
        return new Event.Fault(facts, phase, Words.verbatim(""));
    }

    private List<Words> remarks = List.of();

    private void commit(double millis, String lsn) {
        add(millis, "vm1", new Trace.Commit(lsn, "INSERT", List.of("test")));
    }

    private void arrival(double millis, String node, String lsn, boolean physical) {
        add(millis, node, new Trace.Arrival("vm1", lsn, physical ? "vm3" : "vm1", physical));
    }

    private void toTheLoss(boolean guarded) {
        add(
                0,
                null,
                new Trace.Layout(
                        List.of(),
                        List.of(new Trace.Arrow(
                                "vm1", "vm3", false, "sub", List.of("test_pub"), "sub", List.of("test")))));
        add(1, "vm1", new Trace.Probe("running", "0/1", List.of(), List.of()));
        commit(10, "0/100");
        arrival(12, "vm3", "0/100", false);
        arrival(14, "vm4", "0/100", true);
        add(20, "vm3", fault(FaultFacts.of(FaultKind.CUT, "vm3", "vm4"), Event.Fault.Phase.OPENED));
        commit(30, "0/200");
        arrival(32, "vm3", "0/200", false);
        add(100, "vm3", fault(FaultFacts.of(FaultKind.KILL, "vm3"), Event.Fault.Phase.DONE));
        add(180, "vm4", new Event.TakenOver("vm3", guarded, List.of("sub"), remarks, 70));
        commit(190, "0/300");
    }

    private String report(Locale language) {
        return Report.of(new JournalReader.Reading(entries, List.of(), 0), Labels.of(language))
                .markdown();
    }

    private String row(Locale language) {
        String markdown = report(language);
        return markdown.lines()
                .filter(line -> line.contains("vm3 → vm4"))
                .filter(line -> line.startsWith("|") && line.contains("ms"))
                .reduce((first, last) -> last)
                .orElse(markdown);
    }

    @Test
    void what_never_comes_is_lost() {
        toTheLoss(false);
        arrival(200, "vm4", "0/300", false);

        assertThat(row(Locale.ENGLISH))
                .contains("the slots of vm3", "✗ 1 of 2 commits lost: INSERT test (vm1, 0/200)", "100 ms", "70 ms");
    }

    @Test
    void what_comes_before_anything_later_is_not() {
        toTheLoss(true);
        arrival(199, "vm4", "0/200", false);
        arrival(201, "vm4", "0/300", false);

        assertThat(row(Locale.ENGLISH)).contains("failover slots", "✓ none of 2 commits lost", "101 ms");
    }

    @Test
    void what_is_copied_anew_long_afterwards_was_lost() {
        toTheLoss(false);
        arrival(200, "vm4", "0/300", false);
        arrival(900, "vm4", "0/200", false);

        assertThat(row(Locale.ENGLISH)).contains("✗ 1 of 2 commits lost");
    }

    @Test
    void if_nothing_later_has_arrived_there_is_no_time_to_tell() {
        toTheLoss(true);

        assertThat(row(Locale.ENGLISH)).contains("no later commit has arrived", "✗ 1 of 2 commits lost");
        assertThat(row(Locale.forLanguageTag("ru"))).contains("слотов переключения", "потеряно фиксаций: 1 из 2");
    }

    @Test
    void what_the_failover_has_said_of_itself_is_repeated() {
        remarks = List.of(Words.of("remark.unlogged", "scratch", "vm4"));
        toTheLoss(true);

        assertThat(report(Locale.ENGLISH))
                .contains(
                        "vm3 → vm4: unlogged table scratch is empty on vm4: a standby has none of its rows, fill it again");
        assertThat(report(Locale.forLanguageTag("ru")))
                .contains("vm3 → vm4: нежурналируемая таблица scratch на vm4 пуста");
    }

    @Test
    void without_a_failover_there_is_no_such_chapter() {
        commit(1, "0/100");

        assertThat(Report.of(new JournalReader.Reading(entries, List.of(), 0), Labels.of(Locale.ENGLISH))
                        .markdown())
                .doesNotContain("Failovers");
    }
}
