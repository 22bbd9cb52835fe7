package org.pgminicluster.cluster;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.pgminicluster.MiniClusterException;
import org.pgminicluster.journal.Event;
import org.pgminicluster.journal.Rows;
import org.pgminicluster.relay.Slowness;
import org.pgminicluster.script.Roles;
import org.pgminicluster.server.StopMode;

/**
 * Breaks something on purpose, for as long as a block lasts. Each method returns when the fault has happened and is
 * proven, or throws with what was seen instead and leaves all as it was. Healing a {@link Fault} returns when all is as
 * before, and throws if it cannot be put right, which leaves it open, to be healed again; what is still open when the
 * cluster is closed is undone then, the last one first. Beginning and end are written to the journal.
 *
 * <p>Acts without an end of their own are on the {@link Node}: {@link Node#kill()}, {@link Node#stop}, {@link
 * Node#start()}, {@link Node#restart()}, {@link Node#pause()}, {@link Node#resume()}.
 *
 * <p>Clocks and disks are left alone: neither kind of server has one of its own.
 */
public final class Faults {

    private final MiniCluster cluster;
    private final List<Fault> open = new ArrayList<>();

    Faults(MiniCluster cluster) {
        this.cluster = cluster;
    }

    /** SIGKILL to every process of a server at once; healed by a start on the same data. */
    public Fault kill(Node node) {
        return begin(new Down(own(node), null));
    }

    /** A server is stopped; healed by a start. */
    public Fault stop(Node node, StopMode mode) {
        return begin(new Down(own(node), mode));
    }

    /** Every process of a server is frozen, its connections stay open and silent; healed by thawing them. */
    public Fault pause(Node node) {
        return begin(new Frozen(own(node)));
    }

    /**
     * Cuts every subscription of one node to another, or a standby from its primary: the publisher ends their connections and lets none in again.
     * Healed when the publisher lets them in and those whose ends are up are connected again.
     *
     * @throws MiniClusterException if there is no enabled subscription between them, or one end is not up
     */
    public Fault cut(Node publisher, Node subscriber) {
        own(publisher).requireAwake("a link of it is cut");
        own(subscriber).requireAwake("a link of it is cut");
        List<Link> all = Link.ofNode(cluster, subscriber);
        List<Link> links = all.stream().filter(link -> isOn(link, publisher)).toList();
        if (links.isEmpty()) {
            throw new MiniClusterException("expected " + subscriber.name() + " to have an enabled subscription to "
                    + publisher.name() + ", but has "
                    + all.stream()
                            .map(link -> link.subscription() + " to "
                                    + link.publisher().name())
                            .toList()
                    + "; say cut(publisher, subscriber)");
        }
        return cut("link " + publisher.name() + " -> " + subscriber.name() + " cut", publisher, links);
    }

    /**
     * Cuts one subscription: the publisher ends its connection and lets it in no more. Others of the node to the same
     * publisher go on. Healed when it is let in and connected again.
     *
     * @throws MiniClusterException if there is no such enabled subscription, or one end is not up
     */
    public Fault cut(Node subscriber, String subscription) {
        own(subscriber).requireAwake("a subscription of it is cut");
        Link link = Link.named(cluster, subscriber, subscription);
        link.publisher().requireAwake("a subscription to it is cut");
        open().forEach(fault -> {
            if (fault.breakage() instanceof CutOne cut && cut.link().isSame(link)) {
                throw new MiniClusterException(
                        "expected " + link + " to be let in, but was cut; heal that fault first");
            }
        });
        long sharing = Link.ofNode(cluster, subscriber).stream()
                .filter(other -> isOn(other, link.publisher()) && other.role().equals(link.role()))
                .count();
        return sharing > 1
                ? begin(new CutOne(cluster, requireNotStalled(List.of(link)).get(0)))
                : cut(link + " cut", link.publisher(), List.of(link));
    }

    private Fault cut(String what, Node publisher, List<Link> links) {
        Set<String> roles = links.stream().map(Link::role).collect(Collectors.toCollection(LinkedHashSet::new));
        return begin(new Cut(
                cluster,
                cluster.node(publisher.name()),
                what,
                Map.of(cluster.node(publisher.name()), requireOwnRoles(roles)),
                requireNotStalled(links)));
    }

    /**
     * Cuts a node from all others, in both directions; a test still reaches it. A node that is down is let in nowhere,
     * and lets nobody in, when it is started.
     *
     * @throws MiniClusterException if a node is paused
     */
    public Fault isolate(Node node) {
        Node isolated = cluster.node(own(node).name());
        cluster.nodes().stream()
                .filter(Node::isRunning)
                .forEach(running -> running.requireAwake(isolated.name() + " is isolated"));
        List<Link> links = cluster.nodes().stream()
                .filter(Node::isRunning)
                .flatMap(other -> Link.ofNode(cluster, other).stream())
                .filter(link -> isOn(link, isolated) || isOn(link.subscriber(), isolated))
                .toList();
        Map<Node, Set<String>> refused = new LinkedHashMap<>();
        for (Node other : cluster.nodes()) {
            if (other != isolated) {
                refused.computeIfAbsent(other, publisher -> new LinkedHashSet<>())
                        .add(Roles.login(isolated.name()));
                refused.computeIfAbsent(isolated, publisher -> new LinkedHashSet<>())
                        .add(Roles.login(other.name()));
            }
        }
        links.forEach(link -> refused.computeIfAbsent(
                        cluster.node(link.publisher().name()), publisher -> new LinkedHashSet<>())
                .add(link.role()));
        refused.values().forEach(this::requireOwnRoles);
        return begin(new Cut(cluster, isolated, isolated.name() + " isolated", refused, requireNotStalled(links)));
    }

    /**
     * Freezes the walsender of one subscription: the connection stays open and nothing comes any more, until one side's
     * timeout. Healed by thawing it.
     *
     * @throws MiniClusterException if there is no such enabled subscription, or it is stalled already
     */
    public Fault stall(Node subscriber, String subscription) {
        own(subscriber).requireAwake("a subscription of it is stalled");
        Link link = Link.named(cluster, subscriber, subscription);
        link.publisher().requireAwake("a subscription to it is stalled");
        return begin(new Stall(requireNotStalled(List.of(link)).get(0)));
    }

    /**
     * Freezes the walsender that a standby streams from: the connection stays open and nothing comes any more, until one
     * side's timeout. Healed by thawing it. To cut the connection instead there is {@link #cut(Node, Node)}.
     *
     * @throws MiniClusterException if the node is no standby, or is stalled already
     */
    public Fault stall(Node standby) {
        own(standby).requireAwake("it is stalled");
        Link link = cluster.standbys().link(standby);
        link.publisher().requireAwake("a standby of it is stalled");
        return begin(new Stall(requireNotStalled(List.of(link)).get(0)));
    }

    /**
     * Leads one subscription through a relay in this JVM that is as slow as is said, in both directions. Healed by
     * leading it past the relay again.
     *
     * @throws MiniClusterException if there is no such enabled subscription, or it is slow or stalled already
     * @throws org.pgminicluster.EnvironmentException if the subscriber cannot reach this JVM
     */
    public Fault slow(Node subscriber, String subscription, Slowness slowness) {
        own(subscriber).requireAwake("a subscription of it is made slow");
        Link link = Link.named(cluster, subscriber, subscription);
        link.publisher().requireAwake("a subscription to it is made slow");
        open().forEach(fault -> {
            if (fault.breakage() instanceof SlowLink slow && slow.link().isSame(link)) {
                throw new MiniClusterException(
                        "expected " + link + " to be at full speed, but was slow; heal that fault first");
            }
        });
        return begin(new SlowLink(requireNotStalled(List.of(link)).get(0), slowness));
    }

    /**
     * Ends one backend, named by its pid. It stays ended; healing does nothing.
     *
     * @throws MiniClusterException if the node has no backend of that pid
     */
    public Fault terminate(Node node, int pid) {
        own(node).requireAwake("a backend of it is terminated");
        Rows backends = node.look("SELECT pid, backend_type FROM pg_stat_activity WHERE pid = ?", pid);
        if (backends.isEmpty()) {
            throw new MiniClusterException("expected " + pid + " to be the pid of a backend of " + node.name()
                    + ", but pg_stat_activity has "
                    + node.look("SELECT pid FROM pg_stat_activity ORDER BY 1").column());
        }
        return begin(new Terminated(node, pid, backends.values().get(0).get(1) + " " + pid, null));
    }

    /**
     * Ends the walsender of a subscription, on the publisher. Healed when the subscription is connected again, which it
     * does by itself.
     *
     * @throws MiniClusterException if there is no such enabled subscription, or it is stalled
     */
    public Fault terminateWalsender(Node subscriber, String subscription) {
        own(subscriber).requireAwake("a subscription of it is disturbed");
        Link link = requireNotStalled(List.of(Link.named(cluster, subscriber, subscription)))
                .get(0);
        int pid = link.awaitWalsender();
        return begin(new Terminated(link.publisher(), pid, "walsender " + pid + " of " + link, link));
    }

    /**
     * Ends the apply worker of a subscription, on the subscriber. Healed when the subscription is connected again, which
     * it does by itself.
     *
     * @throws MiniClusterException if there is no such enabled subscription
     */
    public Fault terminateApplyWorker(Node subscriber, String subscription) {
        own(subscriber).requireAwake("a subscription of it is disturbed");
        Link link = Link.named(cluster, subscriber, subscription);
        int pid = link.awaitApplyWorker();
        return begin(new Terminated(subscriber, pid, "apply worker " + pid + " of " + link, link));
    }

    /**
     * Drops a slot, even while it is in use. Nothing brings it back: a subscription that had it must be {@linkplain
     * MiniCluster#reseed seeded again}, and healing does nothing.
     *
     * @throws MiniClusterException if the node has no such slot
     */
    public Fault dropSlot(Node publisher, String slot) {
        own(publisher).requireAwake("a slot of it is dropped");
        return begin(new SlotFaults.Dropped(publisher, slot));
    }

    /**
     * Limits the WAL that a publisher keeps for slots. Healed by taking the limit back; a slot that was lost stays lost.
     *
     * @throws MiniClusterException before PostgreSQL 13, or if there is a limit already
     */
    public Fault limitSlotWal(Node publisher, int megabytes) {
        own(publisher).requireAwake("the WAL that it keeps for slots is limited");
        return begin(new SlotFaults.Limited(publisher, megabytes));
    }

    /**
     * Writes WAL until a slot that nobody uses is lost under the limit that there is; see {@link #limitSlotWal}. Other
     * slots in use are waited for, others that are idle may be lost too. Nothing brings it back: a subscription that had
     * it must be {@linkplain MiniCluster#reseed seeded again}, and healing does nothing.
     *
     * @throws MiniClusterException if the node has no such slot, it is in use, or there is no limit
     */
    public Fault loseSlot(Node publisher, String slot) {
        own(publisher).requireAwake("a slot of it is lost");
        return begin(new SlotFaults.Lost(publisher, slot));
    }

    /** The faults that are not healed yet, in the order in which they began. */
    public List<Fault> open() {
        synchronized (open) {
            return List.copyOf(open);
        }
    }

    private Fault begin(Breakage breakage) {
        breakage.check();
        try {
            return opened(breakage, breakage.inflict());
        } catch (RuntimeException e) {
            try {
                breakage.undo();
            } catch (RuntimeException undoing) {
                e.addSuppressed(undoing);
                opened(breakage, "not proven, since " + Fault.firstLine(e) + ", and not undone");
            }
            throw e;
        }
    }

    private Fault opened(Breakage breakage, String proof) {
        Fault fault = new Fault(this, breakage, proof);
        synchronized (open) {
            open.add(fault);
        }
        journal(breakage, Event.Fault.Phase.OPENED, proof);
        return fault;
    }

    void heal(Fault fault) {
        fault.end(() -> {
            fault.breakage().undo();
            ended(fault, fault.breakage().awaitHealed());
        });
    }

    private void ended(Fault fault, String proof) {
        forget(fault);
        journal(fault.breakage(), Event.Fault.Phase.HEALED, proof);
    }

    private void forget(Fault fault) {
        synchronized (open) {
            open.remove(fault);
        }
    }

    /**
     * Nobody is going to see what comes after, so it is not awaited. What could not be undone because something else was
     * still broken is tried again.
     */
    void undoAll() {
        Closing closing;
        int left;
        do {
            left = open().size();
            closing = undoLastFirst();
        } while (!open().isEmpty() && open().size() < left);
        closing.finish();
    }

    private Closing undoLastFirst() {
        Closing closing = new Closing();
        List<Fault> left = open();
        for (int i = left.size() - 1; i >= 0; i--) {
            Fault fault = left.get(i);
            closing.attempt(() -> {
                try {
                    fault.end(() -> {
                        fault.breakage().undo();
                        ended(fault, "undone when the cluster was closed");
                    });
                } catch (RuntimeException e) {
                    throw new MiniClusterException(
                            "expected \"" + fault.description()
                                    + "\" to be undone before the cluster is closed, but was not: " + e.getMessage(),
                            e);
                }
            });
        }
        return closing;
    }

    /** When the servers are gone, nothing is left to undo but what faults have in this JVM. */
    void abandonAll() {
        Closing closing = new Closing();
        open().forEach(fault -> closing.attempt(() -> fault.end(() -> {
            fault.breakage().abandon();
            forget(fault);
        })));
        closing.finish();
    }

    private void journal(Breakage breakage, Event.Fault.Phase phase, String proof) {
        cluster.journal().add(breakage.node().name(), new Event.Fault(breakage.what(), phase, proof));
    }

    private Node own(@Nullable Node node) {
        if (node == null || node.cluster() != cluster) {
            throw new MiniClusterException("expected the node to be one of this cluster, " + cluster.nodes()
                    + ", but was " + node + (node == null ? "" : " of another cluster"));
        }
        return node;
    }

    private static boolean isOn(Link link, Node publisher) {
        return isOn(link.publisher(), publisher);
    }

    /** Nodes are views of a database; here the server counts. */
    private static boolean isOn(Node view, Node node) {
        return view.name().equals(node.name());
    }

    private Set<String> requireOwnRoles(Set<String> roles) {
        String superuser = cluster.superuser().user();
        if (roles.contains(superuser) || roles.contains("")) {
            throw new MiniClusterException("expected subscriptions that are cut to log in by a role of their own, but"
                    + " one logs in as " + superuser + ", like this JVM; make it with conninfoTo(publisher, name)");
        }
        return roles;
    }

    /** A walsender that is frozen can be neither frozen again nor ended. */
    private List<Link> requireNotStalled(List<Link> links) {
        links.stream().filter(link -> isStalled(link, null)).findFirst().ifPresent(link -> {
            throw new MiniClusterException("expected " + link + " to flow, but was stalled; heal that fault first");
        });
        return links;
    }

    /** Whether a fault other than this one has frozen its walsender. */
    boolean isStalled(Link link, @Nullable Breakage but) {
        return open().stream()
                .map(Fault::breakage)
                .anyMatch(breakage -> breakage != but
                        && breakage instanceof Stall stall
                        && stall.link().isSame(link));
    }

    /** Whether the walsender that uses a slot is frozen, and so can neither let it go nor be ended. */
    boolean isStalled(Node publisher, String slot) {
        return open().stream()
                .anyMatch(fault -> fault.breakage() instanceof Stall stall
                        && stall.link().slot().equals(slot)
                        && isOn(stall.link(), publisher));
    }
}
