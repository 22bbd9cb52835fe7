package org.pgminicluster.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The journal: in order, whoever writes. */
class JournalTest {

    private final Journal journal = new Journal();

    @Test
    void entries_are_numbered_from_one_and_timed() {
        journal.add("vm1", fault(FaultKind.KILL));
        journal.add(null, new Event.Step("next", "because"));

        assertThat(journal.entries()).extracting(Entry::seq).containsExactly(1L, 2L);
        assertThat(journal.entries()).extracting(Entry::node).containsExactly("vm1", null);
        assertThat(journal.entries().get(1).millis())
                .isGreaterThanOrEqualTo(journal.entries().get(0).millis());
    }

    @Test
    void what_was_read_does_not_grow() {
        List<Entry> before = journal.entries();

        journal.add(null, fault(FaultKind.KILL));

        assertThat(before).isEmpty();
    }

    @Test
    void the_last_statements_of_a_node_oldest_first() {
        for (int i = 1; i <= 4; i++) {
            journal.add("vm1", sql("SELECT " + i));
            journal.add("vm2", sql("SELECT -" + i));
            journal.add("vm1", fault(FaultKind.PAUSE));
        }

        assertThat(journal.lastStatements("vm1", 2))
                .extracting(Entry::event)
                .containsExactly(sql("SELECT 3"), sql("SELECT 4"));
        assertThat(journal.lastStatements("vm2", 9)).hasSize(4);
        assertThat(journal.lastStatements("vm3", 2)).isEmpty();
    }

    @Test
    void a_listener_may_be_given_what_is_there_already_first() {
        List<Long> later = new ArrayList<>();
        List<Long> all = new ArrayList<>();
        journal.add(null, fault(FaultKind.STOP));

        journal.onEntry(entry -> later.add(entry.seq()));
        journal.replay(entry -> all.add(entry.seq()));
        journal.add(null, fault(FaultKind.START));

        assertThat(later).containsExactly(2L);
        assertThat(all).containsExactly(1L, 2L);
    }

    @Test
    void one_that_goes_on_for_ever_keeps_the_end_and_its_file_everything(@TempDir Path directory) throws Exception {
        Journal bounded = new Journal(10_000);
        List<Long> heard = new ArrayList<>();
        bounded.onEntry(entry -> heard.add(entry.seq()));
        try (JournalFile file = JournalFile.record(bounded, directory.resolve("journal.jsonl"))) {
            assertThat(file).isNotNull();
            for (int i = 1; i <= 500; i++) {
                bounded.add("vm1", sql("SELECT " + i));
            }
            bounded.add("vm1", sql("SELECT '" + "x".repeat(20_000) + "'"));
            assertThat(bounded.entries()).isEmpty();
            bounded.add("vm1", sql("SELECT 502"));
        }

        assertThat(bounded.entries()).extracting(Entry::seq).containsExactly(502L);
        assertThat(bounded.lastStatements("vm1", 5)).hasSize(1);
        assertThat(heard).hasSize(502).isSorted();
        assertThat(JournalReader.read(directory.resolve("journal.jsonl")).entries())
                .hasSize(503)
                .extracting(Entry::seq)
                .isSorted();
    }

    @Test
    void rows_weigh_what_they_hold() {
        Journal bounded = new Journal(10_000);
        Rows rows = new Rows(List.of("a"), List.of(Row.of("x".repeat(4_000)), new Row(Arrays.asList((String) null))));
        for (int i = 0; i < 10; i++) {
            bounded.add("vm1", new Event.Sql("rep", "TABLE t", new Event.Selected(rows), 1.5));
        }

        assertThat(bounded.entries()).extracting(Entry::seq).containsExactly(9L, 10L);
    }

    @Test
    void who_listens_no_more_hears_no_more() {
        List<Long> heard = new ArrayList<>();
        Consumer<Entry> listener = entry -> heard.add(entry.seq());
        journal.onEntry(listener);
        journal.add(null, new Event.Observation("one", ""));

        journal.removeListener(listener);
        journal.add(null, new Event.Observation("two", ""));

        assertThat(heard).containsExactly(1L);
    }

    @Test
    void many_threads_write_and_everybody_sees_one_order() throws Exception {
        int threads = 8;
        int each = 500;
        List<Entry> heard = new ArrayList<>();
        journal.onEntry(heard::add);
        CountDownLatch together = new CountDownLatch(threads);
        ExecutorService writers = Executors.newFixedThreadPool(threads);
        for (int thread = 0; thread < threads; thread++) {
            String node = "vm" + thread;
            writers.submit(() -> {
                together.countDown();
                together.await();
                for (int i = 0; i < each; i++) {
                    journal.add(node, sql("SELECT " + i));
                }
                return node;
            });
        }
        writers.shutdown();
        assertThat(writers.awaitTermination(30, TimeUnit.SECONDS)).isTrue();

        List<Entry> entries = journal.entries();
        assertThat(heard).isEqualTo(entries);
        assertThat(entries)
                .extracting(Entry::seq)
                .containsExactlyElementsOf(
                        LongStream.rangeClosed(1, threads * each).boxed().toList());
        assertThat(entries).extracting(Entry::millis).isSorted();
        assertThat(journal.lastStatements("vm3", each))
                .extracting(Entry::event)
                .containsExactlyElementsOf(LongStream.range(0, each)
                        .mapToObj(i -> (Event) sql("SELECT " + i))
                        .toList());
    }

    private static Event.Fault fault(FaultKind kind) {
        return new Event.Fault(FaultFacts.of(kind, "vm1"), Event.Fault.Phase.DONE, Words.verbatim("seen"));
    }

    private static Event.Sql sql(String text) {
        return new Event.Sql("rep", text, new Event.Done(0), 1.5);
    }
}
