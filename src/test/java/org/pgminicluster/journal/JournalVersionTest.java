package org.pgminicluster.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pgminicluster.MiniClusterException;

/** What a reader meets in a journal of its own version, of an older and of a later one. */
class JournalVersionTest {

    private static final String REST = "; read it with the pg-minicluster that wrote it, or run again what it tells of";

    @TempDir
    private Path directory;

    private Path file = Path.of("");
    private final Journal journal = new Journal();

    @BeforeEach
    void write() {
        file = directory.resolve("journal.jsonl");
        try (JournalFile ignored = JournalFile.record(journal, file)) {
            journal.add(null, new Event.Step("Tables", "Schema is not replicated."));
            journal.add("vm1", stall());
        }
    }

    private static Event stall() {
        return new Event.Fault(
                FaultFacts.of(FaultKind.STALL, "vm1", "vm2"),
                Event.Fault.Phase.OPENED,
                Words.of("proof.walsender-stopped", 7, "vm1"));
    }

    private List<String> lines() throws IOException {
        return new ArrayList<>(Files.readAllLines(file));
    }

    private JournalReader.Reading withHead(String head) throws IOException {
        List<String> lines = lines();
        lines.set(0, head);
        return JournalReader.read(Files.write(file, lines));
    }

    @Test
    void of_its_own_version_it_reads_all_that_was_written_without_the_head() {
        JournalReader.Reading reading = JournalReader.read(file);

        assertThat(reading.entries().subList(0, 2)).isEqualTo(journal.entries());
        assertThat(reading.entries()).hasSize(3);
        assertThat(reading.hasGaps()).isFalse();
        assertThat(reading.unreadable()).isEmpty();
        assertThat(reading.unknown()).isZero();
    }

    @Test
    void a_later_version_is_refused() throws IOException {
        String later = lines().get(0).replace("\"version\":2", "\"version\":3");

        assertThatThrownBy(() -> withHead(later))
                .isInstanceOf(MiniClusterException.class)
                .hasMessage("expected " + file + " to be a journal of version 2, but was of version 3" + REST);
    }

    /** Waits and faults were sentences then, and nothing told the version. */
    @Test
    void the_version_before_is_refused() throws IOException {
        Files.write(
                file,
                List.of(
                        "{\"seq\":1,\"millis\":1.5,\"node\":null,\"event\":{\"kind\":\"step\",\"title\":\"Tables\",\"why\":\"\"}}",
                        "{\"seq\":2,\"millis\":2.5,\"node\":\"vm1\",\"event\":{\"kind\":\"fault\",\"what\":\"kill\",\"phase\":\"DONE\",\"proof\":\"gone\"}}"));

        assertThatThrownBy(() -> JournalReader.read(file))
                .isInstanceOf(MiniClusterException.class)
                .hasMessage("expected " + file + " to be a journal of version 2, but was of version 1" + REST);
    }

    @Test
    void a_head_that_is_torn_is_damage_and_the_rest_is_read() throws IOException {
        JournalReader.Reading reading = withHead("{\"seq\":0,\"mil");

        assertThat(reading.unreadable()).containsExactly(1L);
        assertThat(reading.entries().subList(0, 2)).isEqualTo(journal.entries());
    }

    @Test
    void a_kind_of_fault_that_it_does_not_know_is_counted_as_unknown_and_no_damage() throws IOException {
        List<String> lines = lines();
        lines.set(2, lines.get(2).replace("STALL", "FLOOD"));

        JournalReader.Reading reading = JournalReader.read(Files.write(file, lines));

        assertThat(reading.unknown()).isEqualTo(1);
        assertThat(reading.unreadable()).isEmpty();
        assertThat(reading.entries()).extracting(Entry::seq).containsExactly(1L, 3L);
    }

    @Test
    void every_text_that_words_hold_can_be_changed_on_its_way() {
        JournalReader.Reading reading = JournalReader.read(file, (field, text) -> text.replace("vm1", "***"));

        assertThat(reading.entries().get(1).event())
                .isEqualTo(new Event.Fault(
                        FaultFacts.of(FaultKind.STALL, "***", "vm2"),
                        Event.Fault.Phase.OPENED,
                        Words.of("proof.walsender-stopped", 7, "***")));
    }
}
