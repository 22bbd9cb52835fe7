package org.pgminicluster.report;

import java.util.List;
import java.util.Optional;
import org.pgminicluster.journal.Entry;
import org.pgminicluster.journal.Event;
import org.pgminicluster.journal.Trace;

/** Whether a journal tells all of its run. What is missing may be what failed. */
final class Ending {

    private final Run run;
    private final Labels labels;

    Ending(Run run, Labels labels) {
        this.run = run;
        this.labels = labels;
    }

    /** Why the run, or what is known of it, is not whole; empty if it is. */
    Optional<String> incomplete() {
        return cutShort()
                .or(() -> run.first(Trace.BrokenOff.class)
                        .map(broken -> labels.get("verdict.broken", checks(), broken.reason())));
    }

    /** The same, apart from what the run itself says of its end. */
    Optional<String> cutShort() {
        List<Entry> entries = run.entries();
        boolean ended = !entries.isEmpty() && entries.get(entries.size() - 1).event() instanceof Trace.Ended;
        boolean damaged = run.reading().hasGaps()
                || !run.reading().unreadable().isEmpty()
                || run.reading().unknown() > 0;
        if (ended && !damaged) {
            return Optional.empty();
        }
        return Optional.of(labels.get(ended ? "verdict.damaged" : "verdict.unended", checks()));
    }

    private long checks() {
        return run.of(Event.Check.class).count();
    }
}
