package org.pgminicluster.trace;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.pgminicluster.journal.Entry;
import org.pgminicluster.journal.Journal;
import org.pgminicluster.journal.Trace;
import org.pgminicluster.state.Lsn;

/**
 * Which commits are on their way to whom, and when they have arrived. A commit has arrived at a subscriber when the
 * subscription copies one of its tables and has applied the publisher's WAL up to its LSN; at a standby when that has
 * replayed its upstream's WAL up to where it held the change. What its slot has passed while another node was fed from it
 * does not arrive at a subscriber, whatever position that comes to.
 */
final class Deliveries {

    /** More than a picture can show; what is older is given up. */
    private static final int MOST = 2000;

    private static final int RECENT = 200;

    /**
     * A change that is to come from one node to another.
     *
     * @param target the position of the first that it lies before; null as long as that is not known
     */
    private record Delivery(
            String origin,
            Trace.Commit commit,
            Trace.Arrow way,
            @Nullable Lsn target) {}

    private final Journal journal;
    private final List<Trace.Arrow> arrows;
    private final Map<String, Trace.Probe> latest = new HashMap<>();
    private final List<Delivery> underWay = new ArrayList<>();
    private final Deque<Begun> recent = new ArrayDeque<>();
    private final Set<String> arrived = new HashSet<>();

    /** Who was fed from a slot when it passed a commit. */
    private final Map<String, Set<String>> passed = new HashMap<>();

    /** A commit that a way which is seen only later may bring, too. */
    private record Begun(String origin, Trace.Commit commit) {}

    Deliveries(Journal journal) {
        this.journal = journal;
        this.arrows = journal.entries().stream()
                .map(Entry::event)
                .flatMap(event -> event instanceof Trace.Layout layout ? layout.arrows().stream() : Stream.of())
                .toList();
    }

    synchronized void begin(String node, Trace.Commit commit) {
        journal.add(node, commit);
        Begun begun = new Begun(node, commit);
        recent.addLast(begun);
        while (recent.size() > RECENT) {
            Begun old = recent.removeFirst();
            passed.keySet().removeIf(it -> it.startsWith(key(old.origin(), old.commit(), "")));
        }
        ways().forEach(way -> send(begun, way));
    }

    private void send(Begun begun, Trace.Arrow way) {
        if (way.from().equals(begun.origin()) && carries(way, begun.commit())) {
            Lsn target = Lsn.parse(begun.commit().lsn());
            underWay.add(new Delivery(begun.origin(), begun.commit(), way, target));
        }
        while (underWay.size() > MOST) {
            underWay.remove(0);
        }
    }

    /** A standby that was promoted goes on by its subscriptions, which are seen some time after the first commit. */
    private void sendByNewWays(String node, Set<String> before) {
        List<Trace.Arrow> made = ways().filter(way -> way.to().equals(node) && !before.contains(key(way)))
                .toList();
        for (Trace.Arrow way : made) {
            recent.stream()
                    .filter(begun -> !arrived.contains(key(begun.origin(), begun.commit(), node)))
                    .forEach(begun -> send(begun, way));
        }
    }

    private Set<String> keysOfWays(String node) {
        return ways().filter(way -> way.to().equals(node)).map(Deliveries::key).collect(Collectors.toSet());
    }

    private static String key(Trace.Arrow way) {
        return way.from() + " " + way.name() + " " + way.slot();
    }

    private static String key(String origin, Trace.Commit commit, String node) {
        return origin + " " + commit.lsn() + " " + node;
    }

    synchronized boolean underWay() {
        return !underWay.isEmpty();
    }

    /**
     * @param replayed of a standby, how far its upstream's subscriptions were there
     * @return the tables in which something has arrived there
     */
    synchronized List<String> seen(String node, Trace.Probe probe, Map<String, String> replayed) {
        Set<String> before = keysOfWays(node);
        latest.put(node, probe);
        notePassed(node, probe);
        forgetWhatIsCopied(node, probe);
        sendByNewWays(node, before);
        setTargets(node, probe);
        List<Delivery> further = new ArrayList<>();
        List<String> changed = new ArrayList<>();
        for (Iterator<Delivery> each = underWay.iterator(); each.hasNext(); ) {
            Delivery delivery = each.next();
            // By the node's own word: only then is its next position behind what has arrived.
            if (delivery.way().to().equals(node) && hasArrived(delivery, replayed)) {
                each.remove();
                if (arrived.add(key(delivery.origin(), delivery.commit(), node))) {
                    changed.addAll(delivery.commit().tables());
                    journal.add(
                            node,
                            new Trace.Arrival(
                                    delivery.origin(),
                                    delivery.commit().lsn(),
                                    delivery.way().from(),
                                    delivery.way().physical()));
                    arrows.stream()
                            .filter(way -> way.from().equals(node))
                            .filter(way ->
                                    way.physical() || delivery.way().physical() && carries(way, delivery.commit()))
                            .forEach(way -> further.add(new Delivery(
                                    delivery.origin(), delivery.commit(), way, targetBehind(delivery, way))));
                }
            }
        }
        underWay.addAll(further);
        return changed;
    }

    /** A standby has its node's WAL, and so its positions; all others are known when the node is asked next. */
    private static @Nullable Lsn targetBehind(Delivery delivery, Trace.Arrow way) {
        Lsn committed = Lsn.parse(delivery.commit().lsn());
        return !way.physical() && committed.equals(delivery.target()) ? committed : null;
    }

    /** This was asked after they had arrived here, on their way to a standby, so its position lies behind them. */
    private void setTargets(String node, Trace.Probe probe) {
        String position = probe.lsn();
        if (position != null) {
            underWay.replaceAll(it -> it.target() == null && it.way().from().equals(node)
                    ? new Delivery(it.origin(), it.commit(), it.way(), Lsn.parse(position))
                    : it);
        }
    }

    private void notePassed(String publisher, Trace.Probe probe) {
        for (Trace.Slot slot : probe.slots()) {
            Set<String> fed = slot.physical() ? Set.of() : fedFrom(slot.name());
            if (!fed.isEmpty()) {
                recent.stream()
                        .filter(it -> it.origin().equals(publisher)
                                && hasReached(
                                        slot.confirmed(), Lsn.parse(it.commit().lsn())))
                        .forEach(it -> passed.putIfAbsent(key(publisher, it.commit(), slot.name()), fed));
            }
        }
    }

    private Set<String> fedFrom(String slot) {
        return latest.entrySet().stream()
                .filter(node -> node.getValue().subscriptions().stream().anyMatch(it -> it.fedFrom(slot)))
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
    }

    /** A first copy brings all that there is, whoever was fed before. */
    private void forgetWhatIsCopied(String node, Trace.Probe probe) {
        probe.subscriptions().stream()
                .filter(it -> !it.allReady())
                .forEach(it -> passed.entrySet()
                        .removeIf(was -> was.getKey().endsWith(" " + it.slot())
                                && !was.getValue().contains(node)));
    }

    private boolean wasPassedForOthers(Delivery delivery) {
        Set<String> fed = passed.get(key(
                delivery.origin(),
                delivery.commit(),
                String.valueOf(delivery.way().slot())));
        return fed != null && !fed.contains(delivery.way().to());
    }

    /** The ways of the topology, and those that were made by hand: their slots tell whom they follow. */
    private Stream<Trace.Arrow> ways() {
        Stream<Trace.Arrow> made = latest.entrySet().stream()
                .flatMap(subscriber -> subscriber.getValue().subscriptions().stream()
                        .filter(it -> !isPlanned(subscriber.getKey(), it.name()))
                        .flatMap(it -> publishers(it.slot())
                                .map(publisher -> new Trace.Arrow(
                                        publisher,
                                        subscriber.getKey(),
                                        false,
                                        it.name(),
                                        List.of(),
                                        it.slot(),
                                        List.of()))));
        return Stream.concat(arrows.stream(), made);
    }

    private boolean isPlanned(String subscriber, String subscription) {
        return arrows.stream()
                .anyMatch(way -> way.to().equals(subscriber) && way.name().equals(subscription));
    }

    private Stream<String> publishers(@Nullable String slotName) {
        return latest.entrySet().stream()
                .filter(publisher -> publisher.getValue().slots().stream()
                        .anyMatch(slot -> !slot.physical() && slot.name().equals(slotName)))
                .map(Map.Entry::getKey);
    }

    private static boolean carries(Trace.Arrow way, Trace.Commit commit) {
        return way.tables().isEmpty()
                || way.tables().stream()
                        .anyMatch(table -> commit.tables().contains(table)
                                || table.equals("all tables")
                                || table.startsWith("schema "));
    }

    /** Whether the subscription has copied a table of the commit; a table that it does not know is dropped silently. */
    private static boolean holds(Trace.Subscription subscription, Trace.Commit commit) {
        return commit.tables().stream()
                .anyMatch(table -> subscription.tables().contains(table + "=r")
                        || subscription.tables().contains(table + "=s"));
    }

    private Optional<Trace.Subscription> subscription(Trace.Arrow way) {
        Trace.@Nullable Probe subscriber = latest.get(way.to());
        return subscriber == null
                ? Optional.empty()
                : subscriber.subscriptions().stream()
                        .filter(it -> it.name().equals(way.name()))
                        .findFirst();
    }

    private boolean hasArrived(Delivery delivery, Map<String, String> replayed) {
        Trace.@Nullable Probe there = latest.get(delivery.way().to());
        if (there == null) {
            return false;
        }
        if (delivery.way().physical()) {
            // What a promoted one writes itself is on a timeline of its own.
            return there.state().equals("standby")
                    && (hasReached(there.lsn(), delivery.target()) || isReplayed(delivery, replayed));
        }
        return subscription(delivery.way())
                .filter(it -> !wasPassedForOthers(delivery))
                .filter(it -> holds(it, delivery.commit()))
                .filter(it -> hasReached(it.applied(), delivery.target())
                        || it.fedFrom(delivery.way().slot()) && isConfirmed(delivery))
                .isPresent();
    }

    /** The WAL of a subscriber has with each change how far the subscription was. */
    private boolean isReplayed(Delivery delivery, Map<String, String> replayed) {
        return arrows.stream()
                .filter(way -> !way.physical()
                        && way.from().equals(delivery.origin())
                        && way.to().equals(delivery.way().from()))
                .anyMatch(way -> hasReached(
                        replayed.get(way.name()), Lsn.parse(delivery.commit().lsn())));
    }

    /** What the publisher was told; it is further than the origin where later WAL held nothing to apply. */
    private boolean isConfirmed(Delivery delivery) {
        Trace.@Nullable Probe publisher = latest.get(delivery.way().from());
        String slot = delivery.way().slot();
        return publisher != null
                && publisher.slots().stream()
                        .anyMatch(it ->
                                it.name().equals(slot) && it.active() && hasReached(it.confirmed(), delivery.target()));
    }

    private static boolean hasReached(@Nullable String position, @Nullable Lsn target) {
        return position != null && target != null && Lsn.parse(position).compareTo(target) >= 0;
    }
}
