package org.pgminicluster.cluster;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.IntPredicate;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.pgminicluster.MiniClusterException;
import org.pgminicluster.journal.Row;
import org.pgminicluster.journal.Rows;
import org.pgminicluster.script.Conninfo;
import org.pgminicluster.script.Sql;

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
record Link(String subscription, Node subscriber, Node publisher, String slot, Conninfo conninfo, boolean physical) {

    private static final String FOLLOWED = """
            SELECT current_setting('primary_slot_name'), current_setting('primary_conninfo')
             WHERE pg_is_in_recovery()""";

    /** On a standby, what its primary subscribes to is in the catalogs, but nobody follows it. */
    private static final String ENABLED = """
            SELECT subname, subconninfo, subslotname,
                   (SELECT count(*) FROM pg_subscription_rel WHERE srsubid = s.oid),
                   (SELECT count(*) FROM pg_subscription_rel WHERE srsubid = s.oid AND srsubstate IN ('s', 'r'))
              FROM pg_subscription s
             WHERE subenabled AND subslotname IS NOT NULL AND NOT pg_is_in_recovery()
               AND subdbid = (SELECT oid FROM pg_database WHERE datname = current_database())
             ORDER BY 1""";

    private static final String HELD = """
            SELECT CASE WHEN active THEN active_pid END, to_jsonb(s) ->> 'wal_status'
              FROM pg_replication_slots s WHERE slot_name = ?""";

    private static final String OID = """
            SELECT oid FROM pg_subscription
             WHERE subname = ? AND subdbid = (SELECT oid FROM pg_database WHERE datname = current_database())""";

    private static final String CONNINFO = "SELECT subname, subconninfo FROM pg_subscription WHERE oid::bigint = ?";

    /** Every enabled subscription that has a slot, on every node that runs. */
    static List<Link> all(MiniCluster cluster) {
        List<Link> links = new ArrayList<>();
        for (Node node : cluster.nodes()) {
            links.addAll(ofNode(cluster, node));
        }

        return links;
    }

    /** Those of which both ends are among these nodes; no other is asked. */
    static List<Link> between(MiniCluster cluster, List<String> nodes) {
        return nodes.stream()
                .flatMap(node -> ofNode(cluster, cluster.node(node)).stream())
                .filter(link -> nodes.contains(link.publisher().name()))
                .toList();
    }

    static List<Link> of(MiniCluster cluster, Node subscriber) {
        return of(cluster, subscriber, synced -> {});
    }

    private static List<Link> of(MiniCluster cluster, Node subscriber, Consumer<Link> synced) {
        List<Link> links = new ArrayList<>();
        Rows rows = subscriber.look(ENABLED);
        for (Row row : rows.values()) {
            Conninfo conninfo = Conninfo.parse(row.text(1));
            publisher(cluster, conninfo).ifPresent(publisher -> {
                Link link = new Link(row.text(0), subscriber, publisher, row.text(2), conninfo, false);
                links.add(link);
                if (!row.text(3).equals("0") && row.text(3).equals(row.text(4))) {
                    synced.accept(link);
                }
            });
        }
        return links;
    }

    /** Those of a node in all its databases, and the one by which it follows its primary if it is a standby. */
    static List<Link> ofNode(MiniCluster cluster, Node node) {
        return ofNode(cluster, node, synced -> {});
    }

    /**
     * @param synced gets those that have tables, all of which are synced
     */
    static List<Link> ofNode(MiniCluster cluster, Node node, Consumer<Link> synced) {
        return Stream.concat(
                        physical(cluster, node).stream(),
                        cluster.databasesOf(node.name()).stream()
                                .flatMap(database -> of(cluster, node.in(database), synced).stream()))
                .toList();
    }

    /** How a standby follows its primary now; empty if the node is no standby. */
    static Optional<Link> physical(MiniCluster cluster, Node node) {
        if (!cluster.standbys().hasAny()) {
            return Optional.empty();
        }
        return node.look(FOLLOWED).values().stream().findFirst().flatMap(row -> {
            Conninfo conninfo = Conninfo.parse(row.text(1));
            return publisher(cluster, conninfo)
                    .map(primary -> new Link("", node, primary, row.text(0), conninfo, true));
        });
    }

    /**
     * One of the database that {@code subscriber} is a view of.
     *
     * @throws MiniClusterException listing those that there are if there is none of that name
     */
    static Link named(MiniCluster cluster, Node subscriber, String subscription) {
        List<Link> links = of(cluster, subscriber);
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
    String role() {
        return conninfo.get("user").orElse("");
    }

    /** The pid of the walsender that holds its slot, if one does. */
    Optional<Integer> walsender() {
        return publisher
                .look("SELECT active_pid FROM pg_replication_slots WHERE slot_name = ? AND active", slot)
                .column()
                .stream()
                .map(pid -> Integer.valueOf(String.valueOf(pid)))
                .findFirst();
    }

    /** The same, once there is one: a subscription that has just been made, or lost its connection, has one soon. */
    int awaitWalsender() {
        return awaitPid("a walsender", publisher, this::walsender);
    }

    /** The pid of its apply worker on the subscriber, once there is one. */
    int awaitApplyWorker() {
        return awaitPid(
                "an apply worker",
                subscriber,
                () -> subscriber
                        .look(
                                "SELECT pid FROM pg_stat_subscription WHERE subname = ? AND relid IS NULL AND pid IS NOT NULL",
                                subscription)
                        .column()
                        .stream()
                        .map(pid -> Integer.valueOf(String.valueOf(pid)))
                        .findFirst());
    }

    private int awaitPid(String what, Node where, Supplier<Optional<Integer>> look) {
        AtomicInteger found = new AtomicInteger();
        where.cluster().waits().until(this + " to have " + what, MiniCluster.WAIT, List.of(where), () -> {
            Optional<Integer> pid = look.get();
            pid.ifPresent(found::set);
            return Probe.of(pid.isPresent(), pid.isPresent() ? "pid " + found : "none");
        });
        return found.get();
    }

    /** Whether it is that one, whatever either is called and however it connects: nobody shares a slot. */
    boolean isSame(Link other) {
        return slot.equals(other.slot)
                && publisher.name().equals(other.publisher().name());
    }

    /** As it is now; empty if it is not there any more, disabled, or has another slot. */
    private Optional<Link> current() {
        Stream<Link> now = physical
                ? physical(subscriber.cluster(), subscriber).stream()
                : of(subscriber.cluster(), subscriber).stream();
        return now.filter(this::isSame).findFirst();
    }

    /**
     * Why nobody can say that it must be connected when a fault is healed; empty if it must.
     *
     * @param healed the fault
     */
    Optional<String> whyAway(Breakage healed) {
        if (!subscriber.isAwake() || !publisher.isAwake()) {
            return Optional.of("an end of it is down");
        }
        Optional<Link> now = current();
        if (now.isEmpty()) {
            return Optional.of("it is not in use any more");
        }
        MiniCluster cluster = subscriber.cluster();
        if (cluster.loginRules(publisher).isRefused(now.get().role())) {
            return Optional.of("it is cut");
        }
        return cluster.faults().isStalled(this, healed) ? Optional.of("it is stalled") : Optional.empty();
    }

    /**
     * Waits until it is connected again. A slot that is gone or lost lets nobody in any more, and then there is nothing to
     * wait for.
     *
     * @param counts which walsenders will do
     * @return why it stays stopped, if it does
     */
    Optional<String> awaitBack(IntPredicate counts) {
        List<String> over = new ArrayList<>();
        String what = this + " to be connected again, or its slot to be gone or lost";
        subscriber.cluster().waits().until(what, MiniCluster.WAIT, List.of(subscriber, publisher), () -> {
            Rows slots = publisher.look(HELD, slot);
            if (slots.isEmpty() || "lost".equals(slots.values().get(0).get(1))) {
                String why = "slot " + slot + (slots.isEmpty() ? " is gone" : " is lost");
                over.add(why);
                return new Probe.Met(why);
            }
            String pid = slots.values().get(0).get(0);
            boolean back = pid != null && counts.test(Integer.parseInt(pid));
            return Probe.of(back, pid == null ? "no walsender" : "walsender " + pid);
        });
        return over.stream()
                .findFirst()
                .map(why -> why + ", so " + this + " stays stopped until it is "
                        + (physical ? "made anew" : "seeded again"));
    }

    /** What it keeps when it is renamed. */
    long oid() {
        return subscriber.look(OID, subscription).number();
    }

    /**
     * Changes how it connects, starting from what the catalog has now: other faults may have changed that, too.
     *
     * @param oid the subscription, by whatever name it has now
     * @param when whether it is to be changed
     * @return whether it was
     */
    boolean reconnect(long oid, Predicate<Conninfo> when, UnaryOperator<Conninfo> change) {
        boolean changed = false;
        for (Row row : subscriber.look(CONNINFO, oid).values()) {
            Conninfo now = Conninfo.parse(row.text(1));
            if (when.test(now)) {
                subscriber.execute("ALTER SUBSCRIPTION " + Sql.identifier(row.text(0)) + " CONNECTION "
                        + Sql.literal(change.apply(now).toString()));
                changed = true;
            }
        }
        return changed;
    }

    /** The node of this cluster that the connection string leads to, if it is one of them. */
    static Optional<Node> publisher(MiniCluster cluster, Conninfo conninfo) {
        String host = conninfo.get("host").orElse("");
        String port = conninfo.get("port").orElse("5432");
        String database = conninfo.get("dbname").orElse(cluster.topology().database());
        Node detoured = cluster.detours().get(host + ":" + port);
        if (detoured != null) {
            return Optional.of(detoured.in(database));
        }
        return cluster.nodes().stream()
                .filter(node -> cluster.peers().host(node.name()).equals(host)
                        && Integer.toString(cluster.peers().port(node.name())).equals(port))
                .map(node -> node.in(database))
                .findFirst();
    }

    @Override
    public String toString() {
        return physical
                ? "standby " + subscriber.name() + " of " + publisher.name()
                : "subscription " + subscription + " on " + subscriber.name();
    }
}
