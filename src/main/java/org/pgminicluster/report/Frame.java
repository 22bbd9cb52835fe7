package org.pgminicluster.report;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.pgminicluster.journal.Trace;

/** The cluster at one moment, as its last samples tell. */
record Frame(Map<String, Trace.Probe> probes, Labels labels) {

    /** How an arrow or a node is. */
    enum Health {
        GOOD,
        BAD,
        ABSENT,
        UNKNOWN
    }

    /** The state of something in one word or a few. */
    record State(Health health, String text) {}

    State node(String node) {
        Trace.@Nullable Probe probe = probes.get(node);
        if (probe == null) {
            return new State(Health.UNKNOWN, labels.get("state.unknown"));
        }
        boolean well = probe.state().equals("running") || probe.state().equals("standby");
        String key = "state." + probe.state();
        return new State(well ? Health.GOOD : Health.BAD, labels.has(key) ? labels.get(key) : probe.state());
    }

    State arrow(Trace.Arrow arrow) {
        Trace.@Nullable Probe from = probes.get(arrow.from());
        Trace.@Nullable Probe to = probes.get(arrow.to());
        if (from == null && to == null) {
            return new State(Health.UNKNOWN, labels.get("state.unknown"));
        }
        if (arrow.physical() && to != null && to.state().equals("running")) {
            // One that was promoted follows nobody.
            return new State(Health.ABSENT, labels.get("state.promoted"));
        }
        if (from == null || from.lsn() == null) {
            return new State(Health.BAD, labels.get("state.publisher-gone"));
        }
        Trace.@Nullable Slot slot = slot(arrow);
        if (arrow.physical()) {
            return slot != null && slot.active()
                    ? new State(Health.GOOD, labels.get("state.streaming"))
                    : new State(Health.BAD, labels.get("state.stopped"));
        }
        if (to == null || to.lsn() == null) {
            return new State(Health.BAD, labels.get("state.subscriber-gone"));
        }
        Trace.@Nullable Subscription subscription = subscription(arrow);
        if (subscription == null) {
            return new State(Health.ABSENT, labels.get("state.absent"));
        }
        if (!subscription.enabled()) {
            return new State(Health.BAD, labels.get("state.disabled"));
        }
        if (slot == null) {
            return new State(Health.BAD, labels.get("state.no-slot"));
        }
        if (!slot.active() || !subscription.working()) {
            return new State(Health.BAD, labels.get("state.stopped"));
        }
        boolean copying = subscription.tables().stream().anyMatch(it -> !it.endsWith("=r") && !it.endsWith("=s"));
        return new State(Health.GOOD, labels.get(copying ? "state.copying" : "state.streaming"));
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
                        .filter(it -> it.name().equals(name) || arrow.physical() && it.physical() && it.active())
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
