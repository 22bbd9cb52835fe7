package org.pgminicluster.history;

import java.util.Optional;
import org.pgminicluster.script.NodeSettings;
import org.pgminicluster.topology.NodeSpec;
import org.pgminicluster.topology.Topology;

/**
 * A standby that can take over from its primary. Not from one that publishes: its subscribers' slots are on it alone, and gone
 * with it.
 *
 * @param primary who dies
 * @param standby who takes over
 * @param guarded whether it has failover slots, so that nothing may be lost
 * @param fenced whether it starts no subscription before it is led to those
 */
record Handover(String primary, String standby, boolean guarded, boolean fenced) {

    /** The first guarded one, or else the first plain one. */
    static Optional<Handover> in(Topology topology) {
        return topology.standbys().stream()
                .filter(standby -> topology.standby(standby.primary()).isEmpty())
                .filter(standby -> mayTakeOver(topology.node(standby.primary())))
                .map(standby -> new Handover(
                        standby.primary(),
                        standby.name(),
                        standby.guarded(),
                        standby.guarded() && !standby.settings().containsKey(NodeSettings.WORKERS)))
                .sorted((one, other) -> Boolean.compare(other.guarded(), one.guarded()))
                .findFirst();
    }

    private static boolean mayTakeOver(NodeSpec primary) {
        return primary.subscribes() && !primary.publishes();
    }
}
