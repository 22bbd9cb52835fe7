package org.pgminicluster.cluster;

import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.pgminicluster.script.Roles;
import org.pgminicluster.script.Slots;

/**
 * Whose the slots of publishers are, now that a primary cannot be asked. A slot does not say who made it, so what nobody
 * else claims may be the primary's.
 */
final class SlotOwners {

    /** Those of tables that are being copied, from 14 on: their subscription has a slot too. */
    private static final Pattern COPIES_A_TABLE = Pattern.compile("pg_\\d+_sync_\\d+_\\d+");

    private record Claim(String publisher, String slot) {
        static Claim of(Inherited subscription) {
            return new Claim(subscription.publisher().name(), subscription.slot());
        }
    }

    private final MiniCluster cluster;
    private final Node from;
    private final List<String> pair;
    private final Set<Claim> claims = new HashSet<>();

    /** @param replayed what its standby has of it */
    SlotOwners(MiniCluster cluster, Node from, List<Inherited> replayed) {
        this.cluster = cluster;
        this.from = from;
        this.pair = LoginRules.pair(cluster.topology(), from.name());
        replayed.stream().map(Claim::of).forEach(claims::add);
        cluster.topology().nodes().stream()
                .filter(node -> !pair.contains(node.name()))
                .flatMap(node -> node.databases().stream())
                .flatMap(database -> database.subscriptions().stream())
                .map(declared -> new Claim(declared.publisher(), declared.slotName()))
                .forEach(claims::add);
    }

    /** The nodes that it could subscribe to and that can be asked. */
    List<Node> others() {
        return cluster.nodes().stream()
                .filter(node -> !pair.contains(node.name()) && node.isAwake())
                .toList();
    }

    /** The names of those that nobody claims. */
    List<String> unclaimed(Node publisher, Collection<LogicalSlot> slots) {
        List<String> left = unclaimed(publisher, slots.stream()).toList();
        if (left.isEmpty()) {
            return left;
        }
        // What was made by hand is in no topology; only now are all of them asked.
        others().stream()
                .flatMap(node -> Inherited.on(node).stream())
                .map(Claim::of)
                .forEach(claims::add);
        return unclaimed(publisher, slots.stream()).toList();
    }

    private Stream<String> unclaimed(Node publisher, Stream<LogicalSlot> slots) {
        return slots.filter(slot -> slot.plugin().equals("pgoutput"))
                .filter(slot -> slot.holder().isEmpty() || slot.holder().equals(Roles.login(from.name())))
                .map(LogicalSlot::name)
                .filter(name -> !COPIES_A_TABLE.matcher(name).matches())
                .filter(name -> cluster.nodes().stream().noneMatch(node -> Slots.isGuard(node.name(), name)))
                .filter(name -> !claims.contains(new Claim(publisher.name(), name)));
    }
}
