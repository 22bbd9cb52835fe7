package org.pgminicluster.fault;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;
import org.pgminicluster.MiniClusterException;
import org.pgminicluster.journal.Event;
import org.pgminicluster.journal.FaultFacts;
import org.pgminicluster.journal.FaultKind;
import org.pgminicluster.journal.Rows;
import org.pgminicluster.journal.Words;
import org.pgminicluster.relay.Slowness;
import org.pgminicluster.runtime.Closing;
import org.pgminicluster.runtime.ClusterNode;
import org.pgminicluster.runtime.ClusterRuntime;
import org.pgminicluster.runtime.Link;
import org.pgminicluster.runtime.Member;
import org.pgminicluster.script.Roles;
import org.pgminicluster.server.StopMode;
import org.pgminicluster.state.SlotState;
import org.pgminicluster.state.StateReader;

/**
 * Breaks something on purpose, for as long as a block lasts. Each method returns when the fault has happened and is
 * proven, or throws with what was seen instead and leaves all as it was. Healing a {@link Fault} returns when all is as
 * before, and throws if it cannot be put right, which leaves it open, to be healed again; what is still open when the
 * cluster is closed is undone then, the last one first. Beginning and end are written to the journal.
 *
 * <p>Acts without an end of their own are on the node itself: {@code kill()}, {@code stop(mode)}, {@code start()},
 * {@code restart()}, {@code pause()}, {@code resume()}.
 *
 * <p>Clocks and disks are left alone: neither kind of server has one of its own.
 */
@API(status = API.Status.MAINTAINED)
public final class Faults {

    private final ClusterRuntime runtime;
    private final List<Fault> open = new ArrayList<>();
    private final StalledLinks stalled = new StalledLinks();

    public Faults(ClusterRuntime runtime) {
        this.runtime = runtime;
    }

    /** SIGKILL to every process of a server at once; healed by a start on the same data. */
    public Fault kill(ClusterNode node) {
        return begin(new Down(own(node), null));
    }

    /** A server is stopped; healed by a start. */
    public Fault stop(ClusterNode node, StopMode mode) {
        return begin(new Down(own(node), mode));
    }

    /** Every process of a server is frozen, its connections stay open and silent; healed by thawing them. */
    public Fault pause(ClusterNode node) {
        return begin(new Frozen(own(node)));
    }

    /**
     * Cuts every subscription of one node to another, or a standby from its primary: the publisher ends their connections and lets none in again.
     * Healed when the publisher lets them in and those whose ends are up are connected again.
     *
     * @throws MiniClusterException if there is no enabled subscription between them, or one end is not up
     */
    public Fault cut(ClusterNode publisher, ClusterNode subscriber) {
        Member from = own(publisher);
        Member to = own(subscriber);
        from.requireAwake("a link of it is cut");
        to.requireAwake("a link of it is cut");
        List<Link> all = Link.ofNode(runtime, to);
        List<Link> links = all.stream().filter(link -> isOn(link, from)).toList();
        if (links.isEmpty()) {
            throw new MiniClusterException("expected " + to.name() + " to have an enabled subscription to "
                    + from.name() + ", but has "
                    + all.stream()
                            .map(link -> link.subscription() + " to "
                                    + link.publisher().name())
                            .toList()
                    + "; say cut(publisher, subscriber)");
        }
        return cut(FaultFacts.of(FaultKind.CUT, from.name(), to.name()), from, links);
    }

    /**
     * Cuts one subscription: the publisher ends its connection and lets it in no more. Others of the node to the same
     * publisher go on. Healed when it is let in and connected again.
     *
     * @throws MiniClusterException if there is no such enabled subscription, or one end is not up
     */
    public Fault cut(ClusterNode subscriber, String subscription) {
        Member to = own(subscriber);
        to.requireAwake("a subscription of it is cut");
        Link link = Link.named(runtime, to, subscription);
        link.publisher().requireAwake("a subscription to it is cut");
        open().forEach(fault -> {
            if (fault.action() instanceof CutOne cut && cut.link().isSame(link)) {
                throw new MiniClusterException(
                        "expected " + link + " to be let in, but was cut; heal that fault first");
            }
        });
        long sharing = Link.ofNode(runtime, to).stream()
                .filter(other -> isOn(other, link.publisher()) && other.role().equals(link.role()))
                .count();
        return sharing > 1
                ? begin(new CutOne(stalled, requireNotStalled(List.of(link)).get(0)))
                : cut(link.facts(FaultKind.CUT), link.publisher(), List.of(link));
    }

    private Fault cut(FaultFacts facts, Member publisher, List<Link> links) {
        Set<String> roles = links.stream().map(Link::role).collect(Collectors.toCollection(LinkedHashSet::new));
        return begin(new Cut(
                stalled,
                runtime.member(publisher.name()),
                facts,
                Map.of(runtime.member(publisher.name()), requireOwnRoles(roles)),
                requireNotStalled(links)));
    }

    /**
     * Cuts a node from all others, in both directions; a test still reaches it. A node that is down is let in nowhere,
     * and lets nobody in, when it is started.
     *
     * @throws MiniClusterException if a node is paused, or the servers run as installed
     */
    public Fault isolate(ClusterNode node) {
        Member isolated = runtime.member(own(node).name());
        if (runtime.isAsInstalled()) {
            throw new MiniClusterException("expected pg_hba.conf of each node to be this cluster's when "
                    + isolated.name() + " is isolated, but was as installed, for people to edit; stop or pause "
                    + isolated.name() + " instead");
        }
        runtime.members().stream()
                .filter(Member::isRunning)
                .forEach(running -> running.requireAwake(isolated.name() + " is isolated"));
        List<Link> links = runtime.members().stream()
                .filter(Member::isRunning)
                .flatMap(other -> Link.ofNode(runtime, other).stream())
                .filter(link -> isOn(link, isolated) || isOn(link.subscriber(), isolated))
                .toList();
        Map<Member, Set<String>> refused = new LinkedHashMap<>();
        for (Member other : runtime.members()) {
            if (other != isolated) {
                refused.computeIfAbsent(other, publisher -> new LinkedHashSet<>())
                        .add(Roles.login(isolated.name()));
                refused.computeIfAbsent(isolated, publisher -> new LinkedHashSet<>())
                        .add(Roles.login(other.name()));
            }
        }
        links.forEach(link -> refused.computeIfAbsent(
                        runtime.member(link.publisher().name()), publisher -> new LinkedHashSet<>())
                .add(link.role()));
        refused.values().forEach(this::requireOwnRoles);
        return begin(new Cut(
                stalled,
                isolated,
                FaultFacts.of(FaultKind.ISOLATE, isolated.name()),
                refused,
                requireNotStalled(links)));
    }

    /**
     * Freezes the walsender of one subscription: the connection stays open and nothing comes any more, until one side's
     * timeout. Healed by thawing it.
     *
     * @throws MiniClusterException if there is no such enabled subscription, or it is stalled already
     */
    public Fault stall(ClusterNode subscriber, String subscription) {
        Member to = own(subscriber);
        to.requireAwake("a subscription of it is stalled");
        Link link = Link.named(runtime, to, subscription);
        link.publisher().requireAwake("a subscription to it is stalled");
        return begin(new Stall(requireFlowing(link), stalled));
    }

    /**
     * Freezes the walsender that a standby streams from: the connection stays open and nothing comes any more, until one
     * side's timeout. Healed by thawing it. To cut the connection instead there is {@link #cut(ClusterNode, ClusterNode)}.
     *
     * @throws MiniClusterException if the node is no standby, or is stalled already
     */
    public Fault stall(ClusterNode standby) {
        Member member = own(standby);
        member.requireAwake("it is stalled");
        Link link = Link.ofStandby(runtime, member);
        link.publisher().requireAwake("a member of it is stalled");
        return begin(new Stall(requireFlowing(link), stalled));
    }

    /**
     * Leads one subscription through a relay in this JVM that is as slow as is said, in both directions. Healed by
     * leading it past the relay again.
     *
     * @throws MiniClusterException if there is no such enabled subscription, or it is slow or stalled already
     * @throws org.pgminicluster.EnvironmentException if the subscriber cannot reach this JVM
     */
    public Fault slow(ClusterNode subscriber, String subscription, Slowness slowness) {
        Member to = own(subscriber);
        to.requireAwake("a subscription of it is made slow");
        Link link = Link.named(runtime, to, subscription);
        link.publisher().requireAwake("a subscription to it is made slow");
        open().forEach(fault -> {
            if (fault.action() instanceof SlowLink slow && slow.link().isSame(link)) {
                throw new MiniClusterException(
                        "expected " + link + " to be at full speed, but was slow; heal that fault first");
            }
        });
        return begin(new SlowLink(requireFlowing(link), slowness, stalled));
    }

    /**
     * Ends one backend, named by its pid. It stays ended; healing does nothing.
     *
     * @throws MiniClusterException if the node has no backend of that pid
     */
    public Fault terminate(ClusterNode node, int pid) {
        Member member = own(node);
        member.requireAwake("a backend of it is terminated");
        Rows backends = member.look("SELECT pid, backend_type FROM pg_stat_activity WHERE pid = ?", pid);
        if (backends.isEmpty()) {
            throw new MiniClusterException("expected " + pid + " to be the pid of a backend of " + member.name()
                    + ", but pg_stat_activity has "
                    + member.look("SELECT pid FROM pg_stat_activity ORDER BY 1").column());
        }
        member.requireThawed(pid, "it is terminated");
        return begin(new Terminated(member, pid, backends.values().get(0).text(1), null, stalled));
    }

    /**
     * Ends the walsender of a subscription, on the publisher. Healed when the subscription is connected again, which it
     * does by itself.
     *
     * @throws MiniClusterException if there is no such enabled subscription, or it is stalled
     */
    public Fault terminateWalsender(ClusterNode subscriber, String subscription) {
        Member to = own(subscriber);
        to.requireAwake("a subscription of it is disturbed");
        Link link = Link.named(runtime, to, subscription);
        link.publisher().requireAwake("a subscription to it is disturbed");
        int pid = requireFlowing(link).awaitWalsender();
        return begin(new Terminated(link.publisher(), pid, "walsender", link, stalled));
    }

    /**
     * Ends the apply worker of a subscription, on the subscriber. Healed when the subscription is connected again, which
     * it does by itself.
     *
     * @throws MiniClusterException if there is no such enabled subscription
     */
    public Fault terminateApplyWorker(ClusterNode subscriber, String subscription) {
        Member to = own(subscriber);
        to.requireAwake("a subscription of it is disturbed");
        Link link = Link.named(runtime, to, subscription);
        link.publisher().requireAwake("a subscription to it is disturbed");
        int pid = link.awaitApplyWorker();
        return begin(new Terminated(to, pid, "apply worker", link, stalled));
    }

    /**
     * Drops a slot, even while it is in use. Nothing brings it back: a subscription that had it must be seeded again
     * by {@code MiniCluster.reseed}, and healing does nothing.
     *
     * @throws MiniClusterException if the node has no such slot
     */
    public Fault dropSlot(ClusterNode publisher, String slot) {
        Member from = own(publisher);
        from.requireAwake("a slot of it is dropped");
        StateReader.slot(from, slot)
                .map(SlotState::activePid)
                .ifPresent(pid -> from.requireThawed(pid, "its slot is dropped"));
        return begin(new SlotFaults.Dropped(from, slot));
    }

    /**
     * Limits the WAL that a publisher keeps for slots. Healed by taking the limit back; a slot that was lost stays lost.
     *
     * @throws MiniClusterException before PostgreSQL 13, or if there is a limit already
     */
    public Fault limitSlotWal(ClusterNode publisher, int megabytes) {
        Member from = own(publisher);
        from.requireAwake("the WAL that it keeps for slots is limited");
        return begin(new SlotFaults.Limited(from, megabytes));
    }

    /**
     * Writes WAL until a slot that nobody uses is lost under the limit that there is; see {@link #limitSlotWal}. Other
     * slots in use are waited for, others that are idle may be lost too. Nothing brings it back: a subscription that had
     * it must be seeded again by {@code MiniCluster.reseed}, and healing does nothing.
     *
     * @throws MiniClusterException if the node has no such slot, it is in use, or there is no limit
     */
    public Fault loseSlot(ClusterNode publisher, String slot) {
        Member from = own(publisher);
        from.requireAwake("a slot of it is lost");
        return begin(new SlotFaults.Lost(from, slot));
    }

    /** The faults that are not healed yet, in the order in which they began. */
    public List<Fault> open() {
        synchronized (open) {
            return List.copyOf(open);
        }
    }

    private Fault begin(FaultAction action) {
        if (!action.isSql()) {
            Event.Fault what = new Event.Fault(action.facts(), Event.Fault.Phase.OPENED, Words.of("seen.none"));
            action.node().server().requireOwn("the fault \"" + what.what() + "\" is inflicted");
        }
        action.check();
        try {
            return opened(action, action.inflict());
        } catch (RuntimeException e) {
            try {
                action.undo();
            } catch (RuntimeException undoing) {
                e.addSuppressed(undoing);
                opened(action, Words.of("proof.not-proven", Fault.firstLine(e)));
            }
            throw e;
        }
    }

    private Fault opened(FaultAction action, Words proof) {
        Fault fault = new Fault(this::heal, action, proof);
        synchronized (open) {
            open.add(fault);
        }
        journal(action, fault.begun());
        return fault;
    }

    private void heal(Fault fault) {
        fault.end(() -> {
            fault.action().undo();
            ended(fault, fault.action().awaitHealed());
        });
    }

    private void ended(Fault fault, Words proof) {
        forget(fault);
        journal(fault.action(), new Event.Fault(fault.begun().facts(), Event.Fault.Phase.HEALED, proof));
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
    public void undoAll() {
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
                        fault.action().undo();
                        ended(fault, Words.of("proof.closed"));
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
    public void abandonAll() {
        Closing closing = new Closing();
        open().forEach(fault -> closing.attempt(() -> fault.end(() -> {
            fault.action().abandon();
            forget(fault);
        })));
        closing.finish();
    }

    private void journal(FaultAction action, Event.Fault event) {
        runtime.journal().add(action.node().name(), event);
    }

    private Member own(@Nullable ClusterNode node) {
        if (node == null || node.member().runtime() != runtime) {
            throw new MiniClusterException("expected the node to be one of this cluster, " + runtime.members()
                    + ", but was " + node + (node == null ? "" : " of another cluster"));
        }
        return node.member();
    }

    private static boolean isOn(Link link, Member publisher) {
        return isOn(link.publisher(), publisher);
    }

    /** Nodes are views of a database; here the server counts. */
    private static boolean isOn(Member view, Member node) {
        return view.name().equals(node.name());
    }

    private Set<String> requireOwnRoles(Set<String> roles) {
        String superuser = runtime.superuser().user();
        if (roles.contains(superuser) || roles.contains("")) {
            throw new MiniClusterException("expected subscriptions that are cut to log in by a role of their own, but"
                    + " one logs in as " + superuser + ", like this JVM; make it with conninfoTo(publisher, name)");
        }
        return roles;
    }

    /** It has a connection, or gets one soon. */
    private Link requireFlowing(Link link) {
        requireNotStalled(List.of(link));
        if (link.publisher().loginRules().isRefused(link.role())) {
            throw new MiniClusterException("expected " + link + " to flow, but was cut; heal that fault first");
        }
        link.whyOver().ifPresent(why -> {
            throw new MiniClusterException("expected " + link + " to flow, but its " + why + "; "
                    + (link.physical() ? "make the standby anew" : "seed it again") + " first");
        });
        return link;
    }

    /** A walsender that is frozen can be neither frozen again nor ended. */
    private List<Link> requireNotStalled(List<Link> links) {
        links.stream().filter(stalled::has).findFirst().ifPresent(link -> {
            throw new MiniClusterException("expected " + link + " to flow, but was stalled; heal that fault first");
        });
        return links;
    }

    /** Whether a fault has frozen the walsender that uses a slot. */
    public boolean isStalled(Member publisher, String slot) {
        return stalled.has(publisher, slot);
    }
}
