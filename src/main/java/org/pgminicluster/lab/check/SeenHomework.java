package org.pgminicluster.lab.check;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.pgminicluster.topology.TableName;

/**
 * What stands on the servers, seen as the homework: which table is written where is found by what is published and
 * subscribed, then by guards, then by the names' order, so that every name is the learner's own.
 */
final class SeenHomework {

    static final List<String> NAMES = List.of("vm1", "vm2", "vm3", "vm4");

    /** A table that one node writes and the other two have copies of. */
    record Shared(TableName name, Survey owner, Survey copy) {}

    private final List<Survey> nodes;
    private final @Nullable Survey standby;
    private final List<SubscriptionLink> links = new ArrayList<>();
    private final @Nullable Shared first;
    private final @Nullable Shared second;

    /**
     * @param nodes vm1, vm2 and vm3
     * @param standby vm4, if there is one
     * @param restarting the subscriptions of each node of which the worker does not stay
     */
    SeenHomework(List<Survey> nodes, @Nullable Survey standby, Map<String, List<String>> restarting) {
        this.nodes = List.copyOf(nodes);
        this.standby = standby;
        for (Survey node : nodes) {
            node.subscriptions()
                    .forEach(it -> links.add(SubscriptionLink.of(
                            node,
                            it,
                            restarting.getOrDefault(node.node(), List.of()).contains(it.name()),
                            nodes)));
        }
        @Nullable TableName own = own(vm1(), vm2(), null);
        @Nullable TableName others = own(vm2(), vm1(), own);
        if (own != null && own.equals(others)) {
            own = own(vm1(), vm2(), others);
        }
        this.first = own == null ? null : new Shared(own, vm1(), vm2());
        this.second = others == null ? null : new Shared(others, vm2(), vm1());
    }

    Survey vm1() {
        return nodes.get(0);
    }

    Survey vm2() {
        return nodes.get(1);
    }

    Survey vm3() {
        return nodes.get(2);
    }

    Optional<Survey> vm4() {
        return Optional.ofNullable(standby);
    }

    /** vm1, vm2 and vm3. */
    List<Survey> nodes() {
        return nodes;
    }

    List<SubscriptionLink> links() {
        return links;
    }

    List<SubscriptionLink> linksOf(Survey subscriber) {
        return links.stream()
                .filter(link -> link.subscriber().node().equals(subscriber.node()))
                .toList();
    }

    /** Those of a node that bring a table from its owner, or are meant to. */
    List<SubscriptionLink> bringing(Shared shared, Survey subscriber) {
        return linksOf(subscriber).stream()
                .filter(link -> link.publisher() != null
                        && link.publisher().node().equals(shared.owner().node())
                        && link.isFor(shared.name()))
                .toList();
    }

    /** How many megabytes a node that is subscribed still has to work off for that table; 0 if it keeps up. */
    long backlog(Shared shared, Survey subscriber) {
        return bringing(shared, subscriber).stream()
                        .mapToLong(SubscriptionLink::backlog)
                        .max()
                        .orElse(0)
                >> 20;
    }

    /** The table that vm1 writes. */
    Optional<Shared> first() {
        return Optional.ofNullable(first);
    }

    /** The table that vm2 writes. */
    Optional<Shared> second() {
        return Optional.ofNullable(second);
    }

    List<Shared> shared() {
        return Stream.of(first(), second()).flatMap(Optional::stream).toList();
    }

    /** The table that a node writes. */
    Optional<Shared> writtenBy(Survey owner) {
        return shared().stream()
                .filter(it -> it.owner().node().equals(owner.node()))
                .findFirst();
    }

    private @Nullable TableName own(Survey node, Survey other, @Nullable TableName taken) {
        List<TableName> there = node.tables().stream()
                .map(TableFacts::name)
                .filter(name -> !name.equals(taken))
                .toList();
        List<Predicate<TableName>> signs = List.of(
                name -> node.publishes(name) && other.receives(name) && !node.receives(name),
                name -> node.publishes(name) && !other.publishes(name) && !node.receives(name),
                name -> node.publishes(name) && !node.receives(name),
                name -> node.publishes(name),
                name -> other.receives(name),
                name -> !node.receives(name)
                        && !other.publishes(name)
                        && isGuarded(other, name)
                        && !isGuarded(node, name),
                name -> !node.receives(name)
                        && !other.publishes(name)
                        && !isGuarded(node, name)
                        && other.table(name).isPresent(),
                name -> !node.receives(name) && !other.publishes(name));
        // What nothing tells is told by the names' order: the first is vm1's.
        boolean last = node == vm2() && taken == null;
        for (Predicate<TableName> sign : signs) {
            List<TableName> found = there.stream().filter(sign).sorted().toList();
            if (!found.isEmpty()) {
                return found.get(last ? found.size() - 1 : 0);
            }
        }
        return null;
    }

    private static boolean isGuarded(Survey node, TableName name) {
        return node.table(name).filter(table -> !table.guards().isEmpty()).isPresent();
    }
}
