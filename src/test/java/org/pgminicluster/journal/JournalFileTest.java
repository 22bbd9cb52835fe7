package org.pgminicluster.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pgminicluster.MiniClusterException;
import org.pgminicluster.journal.FaultFacts.Detail;

/** A journal's file: one line of JSON an entry, and what is read back is what was written. */
class JournalFileTest {

    private static final Rows ROWS = new Rows(
            List.of("id", "имя"),
            List.of(Row.of(1, "tab'le \"x\"\n\\"), new Row(Arrays.asList("2", null)), Row.of("", "😀\u0000")));

    private static final List<Event> EVERY_KIND = List.of(
            new Event.Started("homework", "postgres:13", "13.23", List.of("vm1", "vm2")),
            new Event.Step("Tables", "Schema is not replicated."),
            new Event.Sql("rep", "SELECT 1", new Event.Selected(ROWS), 1.25),
            new Event.Sql("rep", "SELECT 1", new Event.Selected(new Rows(List.of(), List.of())), 0),
            new Event.Sql("rep", "DELETE FROM test", new Event.Done(3), 1.25),
            new Event.Sql("rep", "DELETE", new Event.Failed("25006", "Cannot modify table.", "detail", "hint"), 1.25),
            new Event.Sql("rep", "DELETE", new Event.Failed("", "gone", null, null), 1.25),
            new Event.Wait(
                    WaitFor.applied(Words.subscription("sub", "vm2"), "vm1", "0/16B3748"),
                    Event.Wait.Outcome.HOPELESS,
                    Words.of("seen.synced", 1, 2, List.of("test=r", "it\"s=i")),
                    30000),
            new Event.Wait(WaitFor.own("all to be equal"), Event.Wait.Outcome.NOT_MET, Words.verbatim("1 of 2"), 1),
            new Event.Fault(
                    FaultFacts.of(FaultKind.STALL, "vm1", "vm2")
                            .with(Detail.SUBSCRIPTION, "sub")
                            .with(Detail.PID, 7),
                    Event.Fault.Phase.OPENED,
                    Words.of("proof.back", Words.of("proof.admitted"), List.of(Words.subscription("sub", "vm2")))),
            new Event.Fault(FaultFacts.of(FaultKind.KILL, "vm1"), Event.Fault.Phase.DONE, Words.verbatim("gone")),
            new Event.TakenOver(
                    "vm3", true, List.of("vm3_test_sub"), List.of(Words.of("remark.unlogged", "scratch", "vm4")), 81.5),
            new Event.Observation("rows", "(1, one)"),
            new Event.Check("same", "(1)", "(2)", false),
            new Event.Note(Event.Note.Part.SYMPTOM, "it hangs", "psql"),
            new Event.Note(Event.Note.Part.CAUSE, "an old transaction", null),
            new Trace.Head(JournalFile.VERSION),
            new Trace.Run("The homework", "mvn verify", "2026-01-01T00:00:00Z"),
            new Trace.Run("Задание", "mvn verify", "2026-01-01T00:00:00Z", "ru"),
            new Trace.Layout(
                    List.of(new Trace.Member(
                            "vm1",
                            "13.23",
                            List.of("test"),
                            List.of("test2"),
                            List.of(new Trace.Setting("wal_level", "logical", "it publishes")),
                            "CREATE TABLE test ();")),
                    List.of(
                            new Trace.Arrow("vm1", "vm2", false, "sub", List.of("pub"), "sub", List.of("test")),
                            new Trace.Arrow("vm1", "vm4", true, "vm4", List.of(), null, List.of()))),
            new Trace.Probe(
                    "running",
                    "0/16B3748",
                    List.of(new Trace.Slot("sub", false, true, "0/16B3740", 8L, 8L, "reserved")),
                    List.of(new Trace.Subscription("sub2", "sub2", true, true, "0/1", "0/1", List.of("test2=r")))),
            new Trace.Probe("down", null, List.of(), List.of()),
            new Trace.Commit("0/16B3748", "INSERT", List.of("test")),
            new Trace.Arrival("vm1", "0/16B3748", "vm1", false),
            new Trace.LogLine("LOG:  starting"),
            new Trace.Contents("test", new Rows(List.of("id"), List.of(Row.of(1))), 1),
            new Trace.Copies("test", List.of(new Trace.Copy("vm1", 3, "d41d8cd9"))),
            new Trace.Examined(
                    List.of(new Trace.Place("vm1", "10.0.0.1:5432", "postgres", "")), "13.23", "Nothing was written."),
            new Trace.Judged(
                    "The slots",
                    Trace.Verdict.WRONG,
                    "They keep WAL.",
                    List.of(
                            new Trace.Sighting(Trace.Verdict.REMARK, "one more", null),
                            new Trace.Sighting(Trace.Verdict.WRONG, "one is left", "slot-left"))),
            new Trace.BrokenOff("a server is gone"),
            new Trace.Ended(7));

    private final Journal journal = new Journal();

    @Test
    void what_is_read_back_is_what_was_written(@TempDir Path directory) throws Exception {
        Path file = directory.resolve("deep/er/journal.jsonl");
        try (JournalFile ignored = JournalFile.record(journal, file)) {
            EVERY_KIND.forEach(event -> journal.add("vm1", event));
            journal.add(null, fault("of nobody"));
        }

        assertThat(read(file)).isEqualTo(ended());
    }

    @Test
    void every_kind_of_event_is_tried_above() {
        assertThat(EVERY_KIND)
                .extracting(Event::getClass)
                .containsAll(kindsOf(Event.class).toList());
    }

    private static Stream<Class<? extends Event>> kindsOf(Class<? extends Event> sealed) {
        return Arrays.stream(sealed.getPermittedSubclasses())
                .map(type -> type.<Event>asSubclass(Event.class))
                .flatMap(type -> type.isInterface() ? kindsOf(type) : Stream.of(type));
    }

    @Test
    void a_line_is_plain_json_that_any_tool_reads(@TempDir Path directory) throws Exception {
        Path file = directory.resolve("journal.jsonl");
        try (JournalFile ignored = JournalFile.record(journal, file)) {
            journal.add("vm1", new Event.Sql("rep", "SELECT 1", new Event.Selected(ROWS), 1.25));
        }

        assertThat(Files.readString(file).replaceAll("\"millis\":[0-9.E-]+,\"node", "\"millis\":0,\"node"))
                .isEqualTo("{\"seq\":0,\"millis\":0,\"node\":null,\"event\":{\"kind\":\"head\",\"version\":2}}\n"
                        + "{\"seq\":1,\"millis\":0,\"node\":\"vm1\",\"event\":{\"kind\":\"sql\",\"database\":\"rep\","
                        + "\"sql\":\"SELECT 1\",\"result\":{\"kind\":\"rows\",\"rows\":{\"columns\":[\"id\",\"имя\"],"
                        + "\"values\":[[\"1\",\"tab'le \\\"x\\\"\\n\\\\\"],[\"2\",null],[\"\",\"😀\\u0000\"]]}},"
                        + "\"millis\":1.25}}\n"
                        + "{\"seq\":2,\"millis\":0,\"node\":null,\"event\":{\"kind\":\"ended\",\"entries\":1}}\n");
    }

    @Test
    void what_happened_before_is_in_it_too(@TempDir Path directory) throws Exception {
        Path file = directory.resolve("journal.jsonl");
        journal.add(null, fault("before"));
        try (JournalFile ignored = JournalFile.record(journal, file)) {
            journal.add(null, fault("after"));
        }

        assertThat(read(file)).isEqualTo(ended());
    }

    @Test
    void every_entry_is_there_at_once_for_a_crash_to_leave(@TempDir Path directory) throws Exception {
        Path file = directory.resolve("journal.jsonl");
        try (JournalFile ignored = JournalFile.record(journal, file)) {
            journal.add(null, fault("one"));
            assertThat(read(file)).isEqualTo(journal.entries());
        }
    }

    @Test
    void a_closed_file_does_not_stand_in_the_way_of_the_journal(@TempDir Path directory) throws Exception {
        Path file = directory.resolve("journal.jsonl");
        JournalFile closed = JournalFile.record(journal, file);
        closed.close();
        closed.close();

        journal.add(null, fault("later"));

        assertThat(journal.entries()).hasSize(1);
        assertThat(read(file)).containsExactly(new Entry(1, 0, null, new Trace.Ended(0)));
    }

    @Test
    void rows_are_for_their_owner_alone(@TempDir Path directory) throws Exception {
        Path file = Files.writeString(directory.resolve("journal.jsonl"), "of an earlier run");
        assumeTrue(file.getFileSystem().supportedFileAttributeViews().contains("posix"));
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));

        JournalFile.record(journal, file).close();

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(read(file)).hasSize(1);
    }

    @Test
    void one_journal_at_a_time_has_a_file(@TempDir Path directory) {
        Path file = directory.resolve("journal.jsonl");
        try (JournalFile ignored = JournalFile.record(new Journal(), file)) {
            Path same = directory.resolve("other").resolve("..").resolve("journal.jsonl");
            assertThatThrownBy(() -> JournalFile.record(new Journal(), same))
                    .isInstanceOf(MiniClusterException.class)
                    .hasMessage("expected no other cluster that runs to have " + directory
                            + " for its journal and logs, but one has; give clusters that run at the same time names of"
                            + " their own");
        }

        JournalFile.record(new Journal(), file).close();
    }

    @Test
    void a_file_that_cannot_be_written_is_said_at_once(@TempDir Path directory) throws Exception {
        Path inTheWay = Files.writeString(directory.resolve("file"), "");

        assertThatThrownBy(() -> JournalFile.record(journal, inTheWay.resolve("journal.jsonl")))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining(inTheWay.toString());
    }

    /** What was added, and the line that says that it is all. */
    private List<Entry> ended() {
        List<Entry> entries = new ArrayList<>(journal.entries());
        Entry last = entries.get(entries.size() - 1);
        entries.add(new Entry(last.seq() + 1, last.millis(), null, new Trace.Ended(last.seq())));
        return entries;
    }

    private static Event fault(String proof) {
        return new Event.Fault(FaultFacts.of(FaultKind.KILL, "vm1"), Event.Fault.Phase.DONE, Words.verbatim(proof));
    }

    /** What comes after the head. */
    private static List<Entry> read(Path file) throws Exception {
        ObjectMapper json = new ObjectMapper();
        List<Entry> entries = new ArrayList<>();
        for (String line : Files.readAllLines(file)) {
            entries.add(json.readValue(line, Entry.class));
        }
        assertThat(entries.remove(0)).isEqualTo(JournalFile.head());
        return entries;
    }
}
