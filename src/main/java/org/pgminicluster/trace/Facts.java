package org.pgminicluster.trace;

import java.util.List;
import java.util.Locale;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;
import org.pgminicluster.journal.Trace;
import org.pgminicluster.state.Lsn;
import org.pgminicluster.state.NodeState;
import org.pgminicluster.state.ServerState;
import org.pgminicluster.state.SlotState;
import org.pgminicluster.state.SubscriptionState;

/** What was read of a node, as facts of the journal. */
@API(status = API.Status.INTERNAL)
public final class Facts {

    private Facts() {}

    public static Trace.Probe of(NodeState node) {
        Lsn written = node.written();
        return written == null
                ? new Trace.Probe(node.condition().name().toLowerCase(Locale.ROOT), null, List.of(), List.of())
                : of(
                        new ServerState(
                                node.condition() == NodeState.Condition.STANDBY, written, written, node.slots()),
                        node.subscriptions());
    }

    /** A standby has its upstream's catalogs, but no worker runs there: these subscriptions are none of its own. */
    static Trace.Probe of(ServerState server, List<SubscriptionState> subscriptions) {
        return new Trace.Probe(
                server.standby() ? "standby" : "running",
                server.inserted().toString(),
                server.slots().stream()
                        .filter(slot -> !slot.copiesATable())
                        .map(slot -> of(slot, server.inserted()))
                        .toList(),
                server.standby()
                        ? List.of()
                        : subscriptions.stream().map(Facts::of).toList());
    }

    private static Trace.Slot of(SlotState slot, Lsn now) {
        SlotState.Walsender walsender = slot.walsender();
        Lsn reported = slot.reported();
        Lsn restart = slot.restart();
        return new Trace.Slot(
                slot.name().isEmpty() && walsender != null ? walsender.application() : slot.name(),
                slot.physical(),
                walsender != null,
                text(reported),
                reported == null ? null : now.minus(reported),
                restart == null ? null : now.minus(restart),
                slot.wal());
    }

    public static Trace.Subscription of(SubscriptionState state) {
        return new Trace.Subscription(
                state.name(),
                state.slotName(),
                state.enabled(),
                state.workerPid() != null,
                text(state.received()),
                text(state.applied()),
                state.tables().stream()
                        .map(table -> table.shown() + "=" + table.state().letter())
                        .toList());
    }

    private static @Nullable String text(@Nullable Lsn lsn) {
        return lsn == null ? null : lsn.toString();
    }
}
