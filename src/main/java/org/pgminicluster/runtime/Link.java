package org.pgminicluster.runtime;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.IntPredicate;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;
import org.pgminicluster.MiniClusterException;
import org.pgminicluster.journal.FaultFacts;
import org.pgminicluster.journal.FaultFacts.Detail;
import org.pgminicluster.journal.FaultKind;
import org.pgminicluster.journal.WaitFor;
import org.pgminicluster.journal.Words;
import org.pgminicluster.script.Conninfo;
import org.pgminicluster.script.Sql;
import org.pgminicluster.state.SlotState;
import org.pgminicluster.state.StateReader;
import org.pgminicluster.state.SubscriptionState;
import org.pgminicluster.wait.Seen;
import org.pgminicluster.wait.Waits;

/**
 * A subscription as the catalogs have it now, whoever made it, and the node that it follows; or a standby and its
 * primary.
 *
 * @param subscription its name
 * @param subscriber the node that has it, through the database that has it
 * @param publisher the node that it follows, through the database that it follows
 * @param slot its slot on the publisher
 * @param conninfo how it connects
 * @param physical whether it is a standby that follows, which has no subscription
 */
@API(status = API.Status.INTERNAL)
public record Link(
        String subscription, Member subscriber, Member publisher, String slot, Conninfo conninfo, boolean physical) {

    /**
     * Those of which both ends are among these nodes, or that come from one of them through standbys; no other is asked
     * but these.
     */
    public static List<Link> between(ClusterRuntime runtime, List<String> nodes) {
        return nodes.stream()
                .flatMap(node -> ofNode(runtime, runtime.member(node)).stream())
                .filter(link -> nodes.contains(link.publisher().name()) || passesOn(link.publisher(), nodes))
                .toList();
    }

    /** Whether it is a standby of one of these nodes. */
    private static boolean passesOn(Member publisher, List<String> nodes) {
        ClusterRuntime runtime = publisher.runtime();
        return runtime.topology().standby(publisher.name()).isPresent()
                && publisher.isAwake()
                && physical(runtime, publisher).isPresent()
                && wayTo(runtime, publisher).stream()
                        .anyMatch(link -> nodes.contains(link.publisher().name()));
    }

    static List<Link> of(ClusterRuntime runtime, Member subscriber) {
        return of(runtime, subscriber, synced -> {});
    }

    private static List<Link> of(ClusterRuntime runtime, Member subscriber, Consumer<Link> synced) {
        List<Link> links = new ArrayList<>();
        for (SubscriptionState state : StateReader.subscriptionsIn(subscriber)) {
            Conninfo conninfo = Conninfo.parse(state.conninfo());
            // On a standby, what its primary subscribes to is in the catalogs, but nobody follows it.
            Optional<Member> publisher =
                    state.enabled() && !state.inherited() ? publisher(runtime, conninfo) : Optional.empty();
            if (publisher.isPresent() && state.slot().isPresent()) {
                Link link = new Link(
                        state.name(), subscriber, publisher.get(), state.slot().get(), conninfo, false);
                links.add(link);
                if (state.isSynced()) {
                    synced.accept(link);
                }
            }
        }
        return links;
    }

    /** Those of a node in all its databases, and the one by which it follows its primary if it is a standby. */
    public static List<Link> ofNode(ClusterRuntime runtime, Member node) {
        return ofNode(runtime, node, synced -> {});
    }

    /**
     * @param synced gets those that have tables, all of which are synced
     */
    public static List<Link> ofNode(ClusterRuntime runtime, Member node, Consumer<Link> synced) {
        return Stream.concat(
                        physical(runtime, node).stream(),
                        runtime.databasesOf(node.name()).stream()
                                .flatMap(database -> of(runtime, node.in(database), synced).stream()))
                .toList();
    }

    /** How a standby follows its primary now; empty if the node is no standby. */
    static Optional<Link> physical(ClusterRuntime runtime, Member node) {
        if (runtime.topology().standbys().isEmpty()) {
            return Optional.empty();
        }
        return StateReader.recovery(node).flatMap(recovery -> {
            Conninfo conninfo = Conninfo.parse(recovery.conninfo());
            return publisher(runtime, conninfo)
                    .map(primary -> new Link("", node, primary, recovery.slot(), conninfo, true));
        });
    }

    /**
     * How a standby follows its primary.
     *
     * @throws MiniClusterException listing the standbys if it is none
     */
    public static Link ofStandby(ClusterRuntime runtime, Member standby) {
        return physical(runtime, standby)
                .orElseThrow(() -> new MiniClusterException("expected " + standby.name()
                        + " to be a standby of a node of this cluster, but was not; standbys are "
                        + runtime.members().stream()
                                .filter(node -> node.isAwake()
                                        && physical(runtime, node).isPresent())
                                .map(Member::name)
                                .toList()));
    }

    /**
     * The links by which all that is written reaches a standby, the one that comes from its node first. What a standby in
     * between follows is not known while that is down, and then its link is the first.
     *
     * @throws MiniClusterException listing the standbys if it is none
     */
    public static List<Link> wayTo(ClusterRuntime runtime, Member standby) {
        List<Link> way = new ArrayList<>();
        Optional<Link> next = Optional.of(ofStandby(runtime, standby));
        while (next.isPresent()) {
            Member followed = next.get().publisher();
            way.add(0, next.get());
            next = followed.isAwake() ? physical(runtime, followed) : Optional.empty();
        }
        return way;
    }

    /**
     * One of the database that {@code subscriber} is a view of.
     *
     * @throws MiniClusterException listing those that there are if there is none of that name
     */
    public static Link named(ClusterRuntime runtime, Member subscriber, String subscription) {
        List<Link> links = of(runtime, subscriber);
        return links.stream()
                .filter(link -> link.subscription().equals(subscription))
                .findFirst()
                .orElseThrow(() -> new MiniClusterException("expected " + subscriber.name()
                        + " to have an enabled subscription \"" + subscription
                        + "\" to a node of this cluster, but has "
                        + links.stream().map(Link::subscription).toList()
                        + "; check the name, or enable it"));
    }

    /** The role by which it logs in. */
    public String role() {
        return conninfo.get("user").orElse("");
    }

    /** Its slot; empty if there is none. */
    private Optional<SlotState> held() {
        return StateReader.slot(publisher, slot);
    }

    /** The pid of the walsender that holds its slot, if one does. */
    public Optional<Integer> walsender() {
        return held().map(SlotState::activePid);
    }

    /** The same, once there is one: a subscription that has just been made, or lost its connection, has one soon. */
    public int awaitWalsender() {
        return awaitPid(WaitFor.walsender(words()), publisher, this::walsender);
    }

    /** The pid of its apply worker on the subscriber, once there is one. */
    public int awaitApplyWorker() {
        return awaitPid(
                WaitFor.applyWorker(words()),
                subscriber,
                () -> StateReader.subscription(subscriber, subscription).map(SubscriptionState::workerPid));
    }

    private int awaitPid(WaitFor what, Member where, Supplier<Optional<Integer>> look) {
        AtomicInteger found = new AtomicInteger();
        where.runtime().waits().until(what, Waits.USUAL, List.of(where), () -> {
            Optional<Integer> pid = look.get();
            pid.ifPresent(found::set);
            return Seen.of(pid.isPresent(), pid.isPresent() ? Words.of("seen.pid", found) : Words.of("seen.none"));
        });
        return found.get();
    }

    /** Whether it is that one, whatever either is called and however it connects: nobody shares a slot. */
    public boolean isSame(Link other) {
        return slot.equals(other.slot)
                && publisher.name().equals(other.publisher().name());
    }

    /** As it is now; empty if it is not there any more, disabled, or has another slot. */
    public Optional<Link> current() {
        Stream<Link> now = physical
                ? physical(subscriber.runtime(), subscriber).stream()
                : of(subscriber.runtime(), subscriber).stream();
        return now.filter(this::isSame).findFirst();
    }

    /**
     * Waits until it is connected again. A slot that is gone or lost lets nobody in any more, and then there is nothing to
     * wait for.
     *
     * @param counts which walsenders will do
     * @return why it stays stopped, if it does
     */
    public Optional<Words> awaitBack(IntPredicate counts) {
        AtomicReference<@Nullable Words> over = new AtomicReference<>();
        WaitFor what = WaitFor.connectedAgain(words());
        subscriber.runtime().waits().until(what, Waits.USUAL, List.of(subscriber, publisher), () -> {
            Optional<SlotState> held = held();
            Optional<Words> why = whyOver(held);
            if (why.isPresent()) {
                over.set(
                        Words.of(physical ? "proof.stays-stopped.standby" : "proof.stays-stopped", why.get(), words()));
                return new Seen.Met(why.get());
            }
            Integer pid = held.map(SlotState::activePid).orElse(null);
            return Seen.of(
                    pid != null && counts.test(pid),
                    pid == null ? Words.of("seen.no-walsender") : Words.of("seen.walsender", pid));
        });
        return Optional.ofNullable(over.get());
    }

    /** Why nobody can stream by it any more; empty if somebody can. */
    public Optional<Words> whyOver() {
        return whyOver(held());
    }

    private Optional<Words> whyOver(Optional<SlotState> held) {
        return held.isPresent() && !held.get().lost()
                ? Optional.empty()
                : Optional.of(Words.of(held.isEmpty() ? "slot.gone" : "slot.lost", slot));
    }

    /** What it keeps when it is renamed. */
    public long oid() {
        return StateReader.subscription(subscriber, subscription)
                .orElseThrow(() -> new MiniClusterException("expected " + this + " to be there, but was gone"))
                .oid();
    }

    /**
     * Changes how it connects, starting from what the catalog has now: other faults may have changed that, too.
     *
     * @param oid the subscription, by whatever name it has now
     * @param when whether it is to be changed
     * @return whether it was
     */
    public boolean reconnect(long oid, Predicate<Conninfo> when, UnaryOperator<Conninfo> change) {
        Optional<SubscriptionState> led = StateReader.subscriptionsIn(subscriber).stream()
                .filter(state -> state.oid() == oid && when.test(Conninfo.parse(state.conninfo())))
                .findFirst();
        led.ifPresent(state -> subscriber.execute("ALTER SUBSCRIPTION " + Sql.identifier(state.name()) + " CONNECTION "
                + Sql.literal(change.apply(Conninfo.parse(state.conninfo())).toString())));
        return led.isPresent();
    }

    /** The node of this cluster that the connection string leads to, if it is one of them. */
    public static Optional<Member> publisher(ClusterRuntime runtime, Conninfo conninfo) {
        String host = conninfo.address().orElse("");
        String port = conninfo.get("port").orElse("5432");
        String database = conninfo.get("dbname").orElse(runtime.topology().database());
        Member detoured = runtime.detours().get(host + ":" + port);
        if (detoured != null) {
            return Optional.of(detoured.in(database));
        }
        return runtime.members().stream()
                .filter(node -> runtime.peers().host(node.name()).equals(host)
                        && Integer.toString(runtime.peers().port(node.name())).equals(port))
                .map(node -> node.in(database))
                .findFirst();
    }

    /** What was done to it. */
    public FaultFacts facts(FaultKind kind) {
        return FaultFacts.of(kind, publisher.name(), subscriber.name())
                .with(Detail.SUBSCRIPTION, physical ? null : subscription);
    }

    /** Such as {@code subscription test_sub on vm2}. */
    public Words words() {
        return physical
                ? Words.standby(subscriber.name(), publisher.name())
                : Words.subscription(subscription, subscriber.name());
    }

    @Override
    public String toString() {
        return words().toString();
    }
}
