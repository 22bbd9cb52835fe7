package org.pgminicluster.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** The journal: in order, whoever writes. */
class JournalTest {

    private final Journal journal = new Journal();

    @Test
    void entries_are_numbered_from_one_and_timed() {
        journal.add("vm1", new Event.Fault("kill", Event.Fault.Phase.DONE, ""));
        journal.add(null, new Event.Step("next", "because"));

        assertThat(journal.entries()).extracting(Entry::seq).containsExactly(1L, 2L);
        assertThat(journal.entries()).extracting(Entry::node).containsExactly("vm1", null);
        assertThat(journal.entries().get(1).millis())
                .isGreaterThanOrEqualTo(journal.entries().get(0).millis());
    }

    @Test
    void what_was_read_does_not_grow() {
        List<Entry> before = journal.entries();

        journal.add(null, new Event.Fault("kill", Event.Fault.Phase.DONE, ""));

        assertThat(before).isEmpty();
    }

    @Test
    void the_last_statements_of_a_node_oldest_first() {
        for (int i = 1; i <= 4; i++) {
            journal.add("vm1", sql("SELECT " + i));
            journal.add("vm2", sql("SELECT -" + i));
            journal.add("vm1", new Event.Fault("pause", Event.Fault.Phase.DONE, ""));
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
        journal.add(null, new Event.Fault("one", Event.Fault.Phase.DONE, ""));

        journal.onEntry(entry -> later.add(entry.seq()));
        journal.replay(entry -> all.add(entry.seq()));
        journal.add(null, new Event.Fault("two", Event.Fault.Phase.DONE, ""));

        assertThat(later).containsExactly(2L);
        assertThat(all).containsExactly(1L, 2L);
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

    private static Event.Sql sql(String text) {
        return new Event.Sql("rep", text, new Event.Done(0), 1.5);
    }
}
