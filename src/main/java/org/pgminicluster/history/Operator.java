package org.pgminicluster.history;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.pgminicluster.MiniClusterException;
import org.pgminicluster.cluster.MiniCluster;
import org.pgminicluster.cluster.Node;
import org.pgminicluster.history.HistoryEvent.Injected;
import org.pgminicluster.history.Plan.PlannedAct;
import org.pgminicluster.script.Sql;
import org.pgminicluster.state.Lsn;
import org.pgminicluster.topology.TableName;
import org.pgminicluster.wait.Seen;

/** Does to subscriptions and publications what is planned, and puts right in the end what must not stay so. */
final class Operator {

    /** From when on a subscription has more options than how it commits. */
    private static final int MORE_OPTIONS = 14;

    /** So many transactions are committed while a slot is gone; or fewer, if there are no more. */
    private static final int GAP = 3;

    private final MiniCluster cluster;
    private final HistoryTopology topology;
    private final List<PlannedAct> acts;
    private final Recorder recorder;
    private final Progress progress;
    private final Succession succession;
    private final Map<String, Feed> disabled = new LinkedHashMap<>();
    private final Set<String> copied = new TreeSet<>();
    private final Map<String, Growth> grown = new LinkedHashMap<>();
    private final Set<String> published = new LinkedHashSet<>();
    private final Map<String, Lsn> loads = new LinkedHashMap<>();
    private int next;

    Operator(
            MiniCluster cluster,
            HistoryTopology topology,
            List<PlannedAct> acts,
            Recorder recorder,
            Progress progress,
            Succession succession) {
        this.cluster = cluster;
        this.topology = topology;
        this.acts = List.copyOf(acts);
        this.recorder = recorder;
        this.progress = progress;
        this.succession = succession;
    }

    private List<PlannedAct> usual() {
        return acts.stream().filter(act -> !act.whileLagging()).toList();
    }

    /** Whether something is left that is done while all follow. */
    boolean isWaiting() {
        return next < usual().size();
    }

    /** Carries out what is due. */
    void doWhatIsDue() {
        if (isWaiting()) {
            PlannedAct act = usual().get(next);
            if (progress.isAt(act.anchor(), act.after())) {
                next++;
                carryOut(act);
            }
        }
    }

    /** What is done while a standby lags. */
    void doWhileLagging() {
        acts.stream().filter(PlannedAct::whileLagging).forEach(this::carryOut);
    }

    private void carryOut(PlannedAct act) {
        try {
            String proof = done(act);
            recorder.add(new Injected(act.id(), act.toString(), proof, recorder.now()));
        } catch (MiniClusterException e) {
            String why = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
            recorder.add(new HistoryEvent.Void(act.id(), act.toString(), why, recorder.now()));
        }
    }

    private String done(PlannedAct act) {
        return switch (act.actKind()) {
            case RESEED -> reseed(feed(act));
            case ADD_TABLE -> addTable(Growth.of(route(act)));
            case DROP_TABLE -> dropTable(Growth.of(route(act)));
            case DISABLE -> disable(feed(act));
            case ENABLE -> enable(feed(act));
            case ALTER_OPTION -> alter(feed(act), act.detail());
            case UNPUBLISHED_LOAD -> load(route(act).origin(), Integer.parseInt(act.detail()));
        };
    }

    private Feed feed(PlannedAct act) {
        return topology.feeds().stream()
                .filter(feed -> feed.subscriber().name().equals(act.place())
                        && feed.subscription().equals(act.subject()))
                .findFirst()
                .orElseThrow(
                        () -> new MiniClusterException("expected \"" + act.subject() + "\" to be a subscription of "
                                + act.place() + ", but was not; give the plan the topology that it was drawn for"));
    }

    private Route route(PlannedAct act) {
        return topology.routes().stream()
                .filter(route -> route.ledger().id().equals(act.subject()))
                .findFirst()
                .orElseThrow(() -> new MiniClusterException("expected \"" + act.subject()
                        + "\" to be a ledger, but was not; give the plan the topology that it was drawn for"));
    }

    private Node subscriber(Feed feed) {
        return succession.now(feed.subscriber()).in(cluster);
    }

    private String reseed(Feed feed) {
        enable(feed);
        cluster.faults().dropSlot(feed.publisher().in(cluster), slot(feed));
        awaitGap(feed);
        copied.add(key(feed));
        cluster.reseed(subscriber(feed), feed.subscription());
        return "all rows are copied again";
    }

    /** What is committed while there is no slot can be had by the copy alone. */
    private void awaitGap(Feed feed) {
        Map<String, Integer> before = new LinkedHashMap<>();
        feed.ledgers().forEach(ledger -> before.put(ledger.id(), progress.of(ledger.id())));
        cluster.await("transactions while the slot is gone", () -> {
            boolean enough = before.entrySet().stream()
                    .allMatch(it -> progress.isAt(it.getKey(), Math.max(it.getValue(), it.getValue() + GAP)));
            return Seen.of(
                    enough,
                    "transactions up to "
                            + before.keySet().stream().map(progress::of).toList());
        });
    }

    private String slot(Feed feed) {
        return subscriber(feed)
                .currentSubscription(feed.subscription())
                .flatMap(it -> it.slot())
                .orElse(feed.slot());
    }

    private static String key(Feed feed) {
        return feed.subscriber().name() + " " + feed.subscription();
    }

    /** Whether what a subscription has brought was copied, so that its rows have the time of that. */
    boolean isCopied(Site place, String subscription) {
        return copied.contains(place.name() + " " + subscription);
    }

    private String addTable(Growth growth) {
        if (published.contains(growth.route().ledger().id())) {
            return "it is published already";
        }
        Node origin = growth.route().origin().in(cluster);
        followers(growth).forEach(feed -> {
            enable(feed);
            Node subscriber = subscriber(feed);
            subscriber.execute(growth.create());
            subscriber.execute(growth.truncate());
        });
        growth.write().forEach(origin::execute);
        publish(origin, "ALTER PUBLICATION " + growth.publication() + " ADD TABLE ", growth.table());
        grown.put(growth.route().ledger().id(), growth);
        published.add(growth.route().ledger().id());
        followers(growth).forEach(this::refresh);
        return growth.table() + " is published";
    }

    /**
     * Before 13.21 and its like, whose last releases 10 to 12 have not lived to see, a publisher loses what is written to a
     * table after a transaction that wrote to it when it was published: so nobody writes to it at that moment.
     */
    private static void publish(Node origin, String addTable, TableName table) {
        String name = Sql.table(table);
        origin.execute(
                origin.version().isAtLeast(13)
                        ? addTable + name
                        : "BEGIN; LOCK TABLE " + name + " IN SHARE ROW EXCLUSIVE MODE; " + addTable + name
                                + "; COMMIT");
    }

    private String dropTable(Growth growth) {
        if (!published.contains(growth.route().ledger().id())) {
            return "it is not published";
        }
        Node origin = growth.route().origin().in(cluster);
        followers(growth).forEach(this::enable);
        origin.execute("ALTER PUBLICATION " + growth.publication() + " DROP TABLE " + Sql.table(growth.table()));
        published.remove(growth.route().ledger().id());
        followers(growth).forEach(this::refresh);
        return growth.table() + " is published no more";
    }

    private List<Feed> followers(Growth growth) {
        return topology.feeds().stream()
                .filter(feed -> growth.followers()
                        .anyMatch(hop -> hop.to().equals(feed.subscriber())
                                && hop.subscription().name().equals(feed.subscription())))
                .toList();
    }

    private void refresh(Feed feed) {
        alter(feed, "REFRESH PUBLICATION", "");
    }

    private String disable(Feed feed) {
        alter(feed, "DISABLE", "");
        disabled.put(key(feed), feed);
        return "it is disabled";
    }

    private String enable(Feed feed) {
        if (disabled.containsKey(key(feed))) {
            alter(feed, "ENABLE", "");
            disabled.remove(key(feed));
            return "it is enabled";
        }
        return "it was enabled already";
    }

    private String alter(Feed feed, String option) {
        boolean known = cluster.version().major() >= MORE_OPTIONS || option.startsWith("synchronous_commit");
        String possible = known ? option : "synchronous_commit = on";
        alter(feed, "SET", " (" + possible + ")");
        return possible;
    }

    private void alter(Feed feed, String what, String more) {
        subscriber(feed).execute("ALTER SUBSCRIPTION " + Sql.identifier(feed.subscription()) + " " + what + more);
    }

    /** Messages, since a table might be published with all others. */
    private String load(Site place, int megabytes) {
        Node node = place.in(cluster);
        node.query(
                "SELECT count(pg_logical_emit_message(false, 'nobody', repeat('x', 1048576)))"
                        + " FROM generate_series(1, ?)",
                megabytes);
        loads.put(place.node(), node.currentLsn());
        return megabytes + " MB of WAL";
    }

    /** What happens to a link needs somebody who uses it. */
    void enableOn(Set<String> nodes) {
        new ArrayList<>(disabled.values())
                .stream()
                        .filter(feed -> nodes.contains(feed.subscriber().node())
                                && nodes.contains(feed.publisher().node()))
                        .forEach(this::enable);
    }

    /** Nothing stays disabled. */
    void enableAll() {
        new ArrayList<>(disabled.values()).forEach(this::enable);
    }

    /** The tables that are published and were not in the beginning. */
    Optional<Growth> published(Route route) {
        return Optional.ofNullable(grown.get(route.ledger().id()))
                .filter(growth -> published.contains(route.ledger().id()));
    }

    /** Up to where each publisher has written what no subscription wants. */
    Map<String, Lsn> loads() {
        return loads;
    }
}
