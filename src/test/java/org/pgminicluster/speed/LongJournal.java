package org.pgminicluster.speed;

import java.util.List;
import org.pgminicluster.journal.Event;
import org.pgminicluster.journal.FaultFacts;
import org.pgminicluster.journal.FaultKind;
import org.pgminicluster.journal.Journal;
import org.pgminicluster.journal.Row;
import org.pgminicluster.journal.Rows;
import org.pgminicluster.journal.Trace;
import org.pgminicluster.journal.WaitFor;
import org.pgminicluster.journal.Words;

/** A journal of any length, with as much of each kind of entry as a long traced run has. */
final class LongJournal {

    private static final Rows ROWS =
            new Rows(List.of("id", "name"), List.of(Row.of(1, "one"), Row.of(2, "two"), Row.of(3, "three")));
    private static final int CYCLE = 20;

    private LongJournal() {}

    static void write(Journal journal, int entries) {
        journal.add(null, new Event.Started("long", "process, PostgreSQL 13.23", "13.23", List.of("vm1", "vm2")));
        journal.add(
                null,
                new Trace.Layout(
                        List.of(member("vm1", List.of("test"), List.of()), member("vm2", List.of(), List.of("test"))),
                        List.of(new Trace.Arrow(
                                "vm1", "vm2", false, "vm2_sub", List.of("test_pub"), "vm2_sub", List.of("test")))));
        for (int i = 2; i < entries; i++) {
            journal.add(i % CYCLE == 3 ? "vm2" : "vm1", event(i));
        }
    }

    private static Trace.Member member(String node, List<String> publishes, List<String> readOnly) {
        return new Trace.Member(node, "13.23", publishes, readOnly, List.of(), "");
    }

    private static Event event(int i) {
        String lsn = "0/%X".formatted(0x2000000 + i / CYCLE * 64);
        return switch (i % CYCLE) {
            case 0 -> new Event.Step("Step " + i, "Because.");
            case 1 -> new Event.Sql("rep", "INSERT INTO test VALUES (" + i + ", 'x')", new Event.Done(1), 1);
            case 2 -> new Trace.Commit(lsn, "INSERT", List.of("test"));
            case 3 -> new Trace.Arrival("vm1", lsn, "vm1", false);
            case 4, 5, 6 ->
                new Trace.Probe(
                        "running",
                        lsn,
                        List.of(new Trace.Slot("vm2_sub", false, true, lsn, (long) i, 4096L, "reserved")),
                        List.of());
            case 7, 8, 9 -> new Trace.LogLine("2026-01-02 03:04:05.678 UTC [4242] walsender LOG:  line " + i);
            case 10 ->
                new Event.Wait(
                        WaitFor.applied(Words.subscription("vm2_sub", "vm2"), "vm1", lsn),
                        Event.Wait.Outcome.MET,
                        Words.of("seen.flushed", lsn, lsn),
                        3);
            case 11 -> new Event.Check("it holds " + i, "1", "1", true);
            case 12 ->
                new Event.Fault(
                        FaultFacts.of(FaultKind.KILL, "vm1"), Event.Fault.Phase.DONE, Words.of("proof.no-process"));
            default -> new Event.Sql("rep", "SELECT * FROM test WHERE id > " + i, new Event.Selected(ROWS), 0.5);
        };
    }
}
