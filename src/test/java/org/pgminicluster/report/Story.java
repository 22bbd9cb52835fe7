package org.pgminicluster.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.pgminicluster.journal.Entry;
import org.pgminicluster.journal.Event;
import org.pgminicluster.journal.Event.Note.Part;
import org.pgminicluster.journal.Event.Wait.Outcome;
import org.pgminicluster.journal.FaultFacts;
import org.pgminicluster.journal.FaultKind;
import org.pgminicluster.journal.Row;
import org.pgminicluster.journal.Rows;
import org.pgminicluster.journal.Trace;
import org.pgminicluster.journal.WaitFor;
import org.pgminicluster.journal.Words;

/** A run that was not, with everything in it that a report can show; times and LSNs are made up. */
final class Story {

    static final String PASSWORD = "s3cr3t-of-nobody";
    static final String SCRIPT_TAG = "<script>alert('vm1')</script>";

    /** What a journal's file begins with. */
    static final Entry HEAD = new Entry(0, 0, null, new Trace.Head(2));

    private static final FaultFacts KILLED = FaultFacts.of(FaultKind.KILL, "vm2");
    private static final ObjectMapper JSON = new ObjectMapper();

    private final List<Entry> entries = new ArrayList<>();
    private double millis = 1000;

    private Story() {}

    /** vm1 feeds vm2 and vm3, vm4 is vm3's standby; vm2 dies and misses a row for a while, one row is lost for good. */
    static List<Entry> whole() {
        Story story = new Story();
        story.begin();
        story.subscribe();
        story.write();
        story.guard();
        story.lose();
        story.end();
        return story.entries;
    }

    static Path write(Path directory) {
        return write(directory, whole());
    }

    static Path write(Path directory, List<Entry> entries) {
        return writeLines(directory, entries.stream().map(Story::json).toList());
    }

    static Path writeLines(Path directory, List<String> lines) {
        try {
            return Files.writeString(
                    directory.resolve("journal.jsonl"),
                    lines.stream().collect(Collectors.joining("\n", json(HEAD) + "\n", "\n")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String json(Entry entry) {
        try {
            return JSON.writeValueAsString(entry);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void add(double later, @Nullable String node, Event event) {
        millis += later;
        entries.add(new Entry(entries.size() + 1L, millis, node, event));
    }

    private void sql(String node, String sql, Event.Result result) {
        add(2, node, new Event.Sql("rep", sql, result, 1.5));
    }

    private void begin() {
        add(0, null, new Trace.Run("A story", "mvn -q compile exec:java", "2026-01-02T03:04:05.678Z"));
        add(
                500,
                null,
                new Event.Started("story", "process, PostgreSQL 13.23", "13.23", List.of("vm1", "vm2", "vm3", "vm4")));
        List<Trace.Setting> settings = List.of(new Trace.Setting("wal_level", "logical", "it publishes"));
        add(
                1,
                null,
                new Trace.Layout(
                        List.of(
                                new Trace.Member(
                                        "vm1",
                                        "13.23",
                                        List.of("test"),
                                        List.of(),
                                        settings,
                                        "CREATE TABLE test (id integer);\n\\connect rep\n-- /var/lib/postgresql/.pgpass\n"),
                                new Trace.Member("vm2", "13.23", List.of(), List.of("test"), List.of(), ""),
                                new Trace.Member("vm3", "13.23", List.of(), List.of("test"), List.of(), ""),
                                new Trace.Member("vm4", "13.23", List.of(), List.of("test"), List.of(), "")),
                        List.of(
                                new Trace.Arrow(
                                        "vm1", "vm2", false, "vm2_sub", List.of("pub"), "vm2_sub", List.of("test")),
                                new Trace.Arrow(
                                        "vm1", "vm3", false, "vm3_sub", List.of("pub"), "vm3_sub", List.of("test")),
                                new Trace.Arrow("vm3", "vm4", true, "vm4", List.of(), "vm4", List.of()))));
        add(0.1, "vm4", new Trace.Probe("standby", "0/2000000", List.of(), List.of()));
        add(0.9, null, new Event.Step("Tables & <roles>", "Schema is not replicated."));
        sql("vm1", "CREATE TABLE test (id integer PRIMARY KEY, name text)", new Event.Done(0));
        sql("vm1", "CREATE ROLE r PASSWORD '" + PASSWORD + "'", new Event.Done(0));
        sql("vm1", "INSERT INTO test VALUES (1, 'before')", new Event.Done(1));
        add(1, "vm1", new Trace.Commit("0/1000100", "INSERT", List.of("test")));
    }

    private void subscribe() {
        add(5, null, new Event.Step("Subscriptions", "One after the other."));
        for (String node : List.of("vm2", "vm3")) {
            sql(
                    node,
                    "CREATE SUBSCRIPTION " + node + "_sub CONNECTION 'host=127.0.0.1 password=" + PASSWORD
                            + " passfile=/home/someone/run-1/" + node + "/passfile' PUBLICATION pub",
                    new Event.Done(0));
        }
        add(30, "vm2", new Trace.Arrival("vm1", "0/1000100", "vm1", false));
        add(3, "vm3", new Trace.Arrival("vm1", "0/1000100", "vm1", false));
        add(1, "vm4", new Trace.Arrival("vm1", "0/1000100", "vm3", true));
        add(
                20,
                null,
                new Event.Wait(
                        WaitFor.everyTableSynced(Words.subscription("vm2_sub", "vm2")),
                        Outcome.MET,
                        Words.of("seen.synced", 1, 1, "test=r"),
                        38.4));
        probe("running", "0/1000100");
    }

    /** All nodes, with vm2 in this state. */
    private void probe(String vm2, String confirmed) {
        boolean well = vm2.equals("running");
        add(
                1,
                "vm1",
                new Trace.Probe(
                        "running",
                        "0/1000200",
                        List.of(
                                new Trace.Slot("vm2_sub", false, well, confirmed, well ? 0L : 256L, 4096L, "reserved"),
                                new Trace.Slot("vm3_sub", false, true, "0/1000200", 0L, 512L, "reserved")),
                        List.of()));
        add(
                0.1,
                "vm2",
                well
                        ? new Trace.Probe("running", "0/2000000", List.of(), List.of(subscription("vm2_sub")))
                        : new Trace.Probe(vm2, null, List.of(), List.of()));
        add(
                0.1,
                "vm3",
                new Trace.Probe(
                        "running",
                        "0/3000000",
                        List.of(new Trace.Slot("vm4", true, true, "0/3000000", 0L, 0L, null)),
                        List.of(subscription("vm3_sub"))));
        add(0.1, "vm4", new Trace.Probe("standby", "0/3000000", List.of(), List.of()));
    }

    private static Trace.Subscription subscription(String name) {
        return new Trace.Subscription(name, name, true, true, "0/1000200", "0/1000200", List.of("test=r"));
    }

    private void write() {
        add(150, null, new Event.Step("A row", "It streams to both."));
        add(1, null, new Event.Note(Part.QUESTION, "Does vm4 get it too?", null));
        sql("vm1", "INSERT INTO test VALUES (2, '" + SCRIPT_TAG + "')", new Event.Done(1));
        add(0.5, "vm1", new Trace.Commit("0/1000200", "INSERT", List.of("test")));
        add(4, "vm2", new Trace.Arrival("vm1", "0/1000200", "vm1", false));
        add(2, "vm3", new Trace.Arrival("vm1", "0/1000200", "vm1", false));
        add(3, "vm4", new Trace.Arrival("vm1", "0/1000200", "vm3", true));
        sql(
                "vm3",
                "SELECT * FROM test",
                new Event.Selected(new Rows(
                        List.of("id", "name"), List.of(Row.of(1, "before"), Row.of(2, SCRIPT_TAG), Row.of(3, "a|b")))));
        add(
                1,
                "vm3",
                new Trace.LogLine(
                        "2026-01-02 03:04:05.678 UTC [4242] postmaster LOG:  listening on \"/tmp/run-1/.s.PGSQL.5432\""));
        add(1, null, new Event.Check("vm3 has the row", "(2, x)", "(2, x)", true));
    }

    private void guard() {
        add(1, null, new Event.Step("The guard", "A copy refuses direct writes."));
        for (String sql : List.of("DELETE FROM test", "UPDATE test SET name = 'x' WHERE false")) {
            sql("vm2", sql, new Event.Failed("25006", "Cannot modify table.", null, "Table test is a copy."));
        }
        sql("vm2", "TRUNCATE test", new Event.Done(0));
    }

    private void lose() {
        add(20, null, new Event.Step("vm2 dies", "What it misses is kept by its slot."));
        add(1, "vm2", new Event.Fault(KILLED, Event.Fault.Phase.OPENED, Words.of("proof.no-process")));
        probe("down", "0/1000200");
        sql("vm1", "UPDATE test SET name = 'later' WHERE id = 1", new Event.Done(1));
        add(0.5, "vm1", new Trace.Commit("0/1000300", "UPDATE", List.of("test")));
        add(6, "vm3", new Trace.Arrival("vm1", "0/1000300", "vm1", false));
        add(2, "vm4", new Trace.Arrival("vm1", "0/1000300", "vm3", true));
        add(400, "vm2", new Event.Fault(KILLED, Event.Fault.Phase.HEALED, Words.verbatim("accepts connections")));
        add(
                90,
                null,
                new Event.Wait(
                        WaitFor.own("vm2 to have the row"),
                        Outcome.NOT_MET,
                        Words.list(List.of("2 rows at /home/someone/x/y.log")),
                        1000));
        add(1, null, new Event.Note(Part.PROBLEM, "A row is lost", null));
        add(1, null, new Event.Note(Part.SYMPTOM, "slot \"vm2_sub\" does not exist", "log"));
        add(1, null, new Event.Note(Part.CAUSE, "Somebody dropped the slot.", null));
        add(1, null, new Event.Note(Part.CURE, "Seed it again.", null));
        add(1, null, new Event.Note(Part.PROOF, "The row arrives.", null));
        add(1, null, new Event.Check("vm2 has all rows", "3 rows", "2 rows", false));
    }

    private void end() {
        add(1, null, new Event.Observation("Who has which rows", " table | rows\n-------+------\n test  | 3"));
        add(
                1,
                null,
                new Trace.Copies(
                        "test",
                        List.of(
                                new Trace.Copy("vm1", 3, "0572c408b9b09ec3"),
                                new Trace.Copy("vm2", 2, "50a751f39f9aae23"),
                                new Trace.Copy("vm3", 3, "0572c408b9b09ec3"))));
        probe("running", "0/1000300");
        add(0, null, new Trace.Ended(entries.size()));
    }
}
