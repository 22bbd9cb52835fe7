package org.pgminicluster.report;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.pgminicluster.journal.Entry;
import org.pgminicluster.journal.Event;
import org.pgminicluster.journal.FaultFacts;
import org.pgminicluster.journal.Trace;

/**
 * Who was not there any more at the end of a run, so that nothing was to arrive there: a node that was taken down on
 * purpose and not brought back, one whose place another has taken, a subscription that somebody dropped.
 */
final class Absences {

    private static final Pattern DROP_OR_CREATE = Pattern.compile(
            "\\A\\s*(DROP|CREATE)\\s+SUBSCRIPTION\\s+(?:IF\\s+EXISTS\\s+)?\"?([^\"\\s;]+)", Pattern.CASE_INSENSITIVE);

    private final Labels labels;
    private final Trace.Layout layout;
    private final Map<String, String> gone = new HashMap<>();
    private final Map<String, Double> dropped = new HashMap<>();

    Absences(Run run, Labels labels) {
        this.labels = labels;
        this.layout = run.layout();
        run.entries().forEach(this::hear);
    }

    private void hear(Entry entry) {
        String node = String.valueOf(entry.node());
        if (entry.event() instanceof Event.Fault fault) {
            hear(node, fault);
        } else if (entry.event() instanceof Event.TakenOver takenOver) {
            gone.put(takenOver.from(), labels.get("gone.replaced", takenOver.from(), node));
            gone.remove(node);
        } else if (entry.event() instanceof Event.Sql sql && !(sql.result() instanceof Event.Failed)) {
            Matcher found = DROP_OR_CREATE.matcher(sql.sql());
            if (found.find()) {
                String subscription = key(node, found.group(2));
                if (found.group(1).equalsIgnoreCase("DROP")) {
                    dropped.put(subscription, entry.millis() - sql.millis());
                } else {
                    dropped.remove(subscription);
                }
            }
        }
    }

    private void hear(String node, Event.Fault fault) {
        FaultFacts facts = fault.facts();
        boolean over = fault.phase() == Event.Fault.Phase.HEALED;
        switch (facts.kind()) {
            case KILL, STOP, PAUSE -> {
                if (over) {
                    gone.remove(node);
                } else {
                    gone.put(node, labels.get("gone.down", node));
                }
            }
            case START, RESUME, PROMOTE, RECOVER, START_WITHOUT_SIGNAL -> gone.remove(node);
            case FOLLOW -> {
                String primary = facts.nodes().get(0);
                if (isPlanned(primary, node)) {
                    gone.remove(node);
                } else {
                    gone.put(node, labels.get("gone.replaced", node, primary));
                }
            }
            default -> {
                // The node is there, whatever becomes of its links.
            }
        }
    }

    private boolean isPlanned(String primary, String standby) {
        return layout.arrows().stream()
                .anyMatch(way ->
                        way.physical() && way.from().equals(primary) && way.to().equals(standby));
    }

    private static String key(String node, String subscription) {
        return node + " " + subscription;
    }

    /** Why a commit was not to arrive by that way, in words; empty if it was. */
    Optional<String> why(Trace.Arrow way, Run.At<Trace.Commit> commit) {
        String absent = gone.get(way.to());
        if (absent != null) {
            return Optional.of(absent);
        }
        Double since = way.physical() ? null : dropped.get(key(way.to(), way.name()));
        return since != null && commit.millis() >= since
                ? Optional.of(labels.get("gone.dropped", way.name()))
                : Optional.empty();
    }
}
