package org.pgminicluster.report;

import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.pgminicluster.journal.Health;
import org.pgminicluster.journal.Trace;

/**
 * The cluster at one moment, as its last samples tell.
 *
 * @param hasFollowed whether a node has been a standby until then
 */
record Frame(Map<String, Trace.Probe> probes, Labels labels, Predicate<String> hasFollowed) {

    /** One before which every standby has followed. */
    Frame(Map<String, Trace.Probe> probes, Labels labels) {
        this(probes, labels, node -> true);
    }

    /** How an arrow or a node is. */
    enum Tone {
        GOOD,
        BAD,
        ABSENT,
        UNKNOWN
    }

    /** The state of something in one word or a few. */
    record State(Tone tone, String text) {}

    State node(String node) {
        Trace.@Nullable Probe probe = probes.get(node);
        if (probe == null) {
            return new State(Tone.UNKNOWN, labels.get("state.unknown"));
        }
        boolean well = probe.state().equals("running") || probe.state().equals("standby");
        String key = "state." + probe.state();
        return new State(well ? Tone.GOOD : Tone.BAD, labels.has(key) ? labels.get(key) : probe.state());
    }

    State arrow(Trace.Arrow arrow) {
        Trace.@Nullable Probe from = probes.get(arrow.from());
        Trace.@Nullable Probe to = probes.get(arrow.to());
        if (from == null && to == null) {
            return new State(Tone.UNKNOWN, labels.get("state.unknown"));
        }
        if (arrow.physical() && to != null && to.state().equals("running")) {
            // One that was promoted follows nobody.
            return new State(Tone.ABSENT, labels.get(hasFollowed.test(arrow.to()) ? "state.promoted" : "state.absent"));
        }
        if (from == null || from.lsn() == null) {
            return new State(Tone.BAD, labels.get("state.publisher-gone"));
        }
        if (arrow.physical()) {
            return state(Health.ofStandby(from, arrow.slot()));
        }
        if (to == null || to.lsn() == null) {
            return new State(Tone.BAD, labels.get("state.subscriber-gone"));
        }
        Trace.@Nullable Subscription subscription = subscription(arrow);
        if (subscription == null) {
            return new State(Tone.ABSENT, labels.get("state.absent"));
        }
        return state(Health.of(subscription, Optional.of(from)));
    }

    private State state(Health health) {
        return switch (health) {
            case STREAMING, NO_TABLE -> new State(Tone.GOOD, labels.get("state.streaming"));
            case COPYING -> new State(Tone.GOOD, labels.get("state.copying"));
            case DISABLED -> new State(Tone.BAD, labels.get("state.disabled"));
            case NO_SLOT, SLOT_GONE -> new State(Tone.BAD, labels.get("state.no-slot"));
            case SLOT_LOST -> new State(Tone.BAD, labels.get("state.slot-lost"));
            case PUBLISHER_DOWN -> new State(Tone.BAD, labels.get("state.publisher-gone"));
            case NO_WORKER, SLOT_NOT_IN_USE -> new State(Tone.BAD, labels.get("state.stopped"));
        };
    }

    /** The slot's name at that moment: after a failover it may be another than the one it was made with. */
    @Nullable
    String slotName(Trace.Arrow arrow) {
        Trace.@Nullable Subscription subscription = arrow.physical() ? null : subscription(arrow);
        return subscription == null || subscription.slot() == null ? arrow.slot() : subscription.slot();
    }

    Trace.@Nullable Slot slot(Trace.Arrow arrow) {
        @Nullable String name = slotName(arrow);
        Trace.@Nullable Probe from = probes.get(arrow.from());
        return from == null
                ? null
                : from.slots().stream()
                        .filter(it -> it.physical() == arrow.physical()
                                && (it.name().equals(name) || it.physical() && it.active()))
                        .findFirst()
                        .orElse(null);
    }

    Trace.@Nullable Subscription subscription(Trace.Arrow arrow) {
        Trace.@Nullable Probe to = probes.get(arrow.to());
        return to == null
                ? null
                : to.subscriptions().stream()
                        .filter(it -> it.name().equals(arrow.name()))
                        .findFirst()
                        .orElse(null);
    }
}
