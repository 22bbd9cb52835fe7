package org.pgminicluster.history;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.pgminicluster.cluster.Node;
import org.pgminicluster.history.HistoryEvent.Injected;
import org.pgminicluster.history.Plan.PlannedFailover;
import org.pgminicluster.journal.Entry;
import org.pgminicluster.journal.Event;
import org.pgminicluster.journal.Journal;

/** Kills a publisher when a failover has come to one of its steps on the standby, by what the journal tells. */
final class KillAtStep implements AutoCloseable {

    private final Journal journal;
    private final PlannedFailover failover;
    private final Node publisher;
    private final AtomicInteger steps = new AtomicInteger();
    private final Consumer<Entry> listener = this::count;

    KillAtStep(Journal journal, PlannedFailover failover, Node publisher) {
        this.journal = journal;
        this.failover = failover;
        this.publisher = publisher;
        journal.onEntry(listener);
    }

    private void count(Entry entry) {
        boolean step = entry.event() instanceof Event.Sql || entry.event() instanceof Event.Fault;
        if (step
                && failover.standby().equals(entry.node())
                && steps.incrementAndGet() == failover.killedAtStep()
                && publisher.isRunning()) {
            publisher.kill();
        }
    }

    /** That it has died, and nobody has stopped for it. */
    void proof(Recorder recorder) {
        boolean died = steps.get() >= failover.killedAtStep();
        recorder.add(
                died
                        ? new Injected(0, failover.toString(), "it went on without " + publisher.name(), recorder.now())
                        : new HistoryEvent.Void(
                                0, failover.toString(), "it has only " + steps.get() + " steps", recorder.now()));
    }

    @Override
    public void close() {
        journal.removeListener(listener);
    }
}
