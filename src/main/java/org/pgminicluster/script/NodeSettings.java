package org.pgminicluster.script;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.apiguardian.api.API;
import org.pgminicluster.topology.NodeSpec;
import org.pgminicluster.topology.StandbySpec;
import org.pgminicluster.topology.Subscription;
import org.pgminicluster.topology.Topology;

/**
 * The settings of a node, derived from what it is for. Whoever describes a node speaks of publications and
 * subscriptions; levels, slots, senders and workers follow from that. What the topology sets itself wins.
 *
 * @see <a href="https://www.postgresql.org/docs/13/logical-replication-config.html">Logical Replication Configuration</a>
 */
@API(status = API.Status.INTERNAL)
public final class NodeSettings {

    /** How many workers apply subscriptions; none keeps them all from starting. */
    public static final String WORKERS = "max_logical_replication_workers";

    /** Room for slots, senders and workers that a test makes by hand, beyond those of the topology. */
    private static final int SPARE = 8;

    /** Whom commits wait for; it is not among the settings that a node starts with. */
    public static final String SYNCHRONOUS = "synchronous_standby_names";

    private static final String CONNECTIONS = "max_connections";
    private static final String SYNC_WORKERS = "max_sync_workers_per_subscription";
    /** Two at a time, as PostgreSQL has it, take long for so many tables: each waits for several processes in turn. */
    private static final int MANY_TABLES = 20;

    private static final int MORE_SYNC_WORKERS = 2;
    private static final String FEEDBACK = "hot_standby_feedback";
    private static final int MOST_CONNECTIONS = 50;

    /** The first major that counts origins by themselves; before, slots were counted for them. */
    private static final int ACTIVE_ORIGINS = 18;

    /** The first major that has the setting and has it on; where it is not known, a server might not start with it. */
    static final int JIT = 12;

    private NodeSettings() {}

    /** The settings that every major has: {@link #of(Topology, NodeSpec, int)} before 18. */
    public static List<Setting> of(Topology topology, NodeSpec node) {
        return of(topology, node, 0);
    }

    /**
     * The settings of one node, derived ones first, then those of the topology with the reason "set by the topology".
     *
     * @param major what the node will run, or 0 if that is not known
     */
    public static List<Setting> of(Topology topology, NodeSpec node, int major) {
        List<Setting> settings = new ArrayList<>(fixed());
        if (major >= JIT) {
            settings.add(new Setting("jit", "off", "compiling a query takes longer than it takes on a test's rows"));
        }
        // Its standbys have the same settings, and what is taken from them is taken in the same way.
        Predicate<Subscription> fromHere = subscription -> topology.names().contains(subscription.publisher())
                && topology.described(subscription.publisher()).name().equals(node.name());
        long subscribers = topology.nodes().stream()
                .flatMap(other -> other.databases().stream())
                .flatMap(database -> database.subscriptions().stream())
                .filter(fromHere)
                .count();
        long subscriptions = node.databases().stream()
                .mapToLong(database -> database.subscriptions().size())
                .sum();
        if (node.publishes()) {
            settings.add(new Setting("wal_level", "logical", "it publishes: its WAL must be decodable"));
        }
        // The initial copy takes a further slot and sender for every table that is copied at the same time; a standby
        // takes a slot here, two senders while it is copied, and as many slots as its primary on the publishers.
        // Those that follow a standby count here too, since all have the same settings and may change places.
        long standbys = topology.standbysBelow(node.name()).size();
        long failover = topology.standbys().stream()
                .filter(StandbySpec::guarded)
                .flatMap(standby -> topology.described(standby.name()).databases().stream())
                .flatMap(database -> database.subscriptions().stream())
                .filter(subscription -> subscription.publisher().equals(node.name()))
                .count();
        long copyMany = MORE_SYNC_WORKERS
                * topology.nodes().stream()
                        .flatMap(other -> other.databases().stream())
                        .flatMap(database -> database.subscriptions().stream())
                        .filter(fromHere.and(subscription -> copiesMany(topology, subscription)))
                        .count();
        long copiedMany = MORE_SYNC_WORKERS
                * node.databases().stream()
                        .flatMap(database -> database.subscriptions().stream())
                        .filter(subscription -> copiesMany(topology, subscription))
                        .count();
        long slots = SPARE + 3 * subscribers + copyMany + subscriptions + copiedMany + 2 * standbys + 2 * failover;
        settings.add(
                new Setting("max_wal_senders", Long.toString(slots), "one for each subscriber, more while copying"));
        // Before 12 every sender takes a connection, and none may be left for clients.
        settings.replaceAll(setting -> setting.name().equals(CONNECTIONS) && slots + SPARE > MOST_CONNECTIONS
                ? new Setting(CONNECTIONS, Long.toString(slots + SPARE), "a sender for each subscriber, and clients")
                : setting);
        settings.add(new Setting(
                "max_replication_slots", Long.toString(slots), "slots for subscribers, origins for subscriptions"));
        if (copiedMany > 0) {
            settings.add(new Setting(
                    SYNC_WORKERS,
                    Integer.toString(2 + MORE_SYNC_WORKERS),
                    "so many tables are copied at the same time"));
        }
        long workers = SPARE + 3 * subscriptions + copiedMany;
        if (major >= ACTIVE_ORIGINS) {
            settings.add(new Setting(
                    "max_active_replication_origins",
                    Long.toString(workers),
                    "an origin for each subscription, one more for each table that is being copied"));
        }
        settings.add(new Setting(
                WORKERS,
                Long.toString(workers),
                "an apply worker for each subscription, table sync workers while copying"));
        settings.add(new Setting("max_worker_processes", Long.toString(workers + SPARE), "all background workers"));
        boolean twoPhase = topology.nodes().stream()
                .flatMap(other -> other.databases().stream()
                        .flatMap(database -> database.subscriptions().stream())
                        .filter(subscription -> other.equals(node) || fromHere.test(subscription)))
                .anyMatch(Subscription::isTwoPhase);
        if (twoPhase) {
            settings.add(new Setting(
                    "max_prepared_transactions",
                    "10",
                    "what is prepared on the publisher is prepared on the subscriber"));
        }
        if (topology.tls()) {
            settings.add(new Setting("ssl", "on", "whoever comes without TLS is refused"));
        }
        override(settings, node.settings());
        settings.removeIf(setting -> setting.name().equals(SYNCHRONOUS));
        return List.copyOf(settings);
    }

    /**
     * The settings of a standby: those of the node that it is a copy of, since it refuses to start with less room than that
     * has, then its own.
     *
     * @param major what the node will run, or 0 if that is not known
     * @see <a href="https://www.postgresql.org/docs/13/hot-standby.html#HOT-STANDBY-ADMIN">Administrator's Overview</a>
     */
    public static List<Setting> of(Topology topology, StandbySpec standby, int major) {
        NodeSpec node = topology.described(standby.name());
        List<Setting> settings = new ArrayList<>(of(topology, node, major));
        if (standby.guarded()) {
            settings.removeIf(setting -> setting.name().equals(WORKERS));
            settings.add(new Setting(
                    WORKERS, "0", "no subscription of its own may start before it is led to the failover slots"));
        }
        if ("on".equals(standby.settings().get("sync_replication_slots"))) {
            settings.add(new Setting(FEEDBACK, "on", "without it no slot is synced"));
        }
        if (topology.isSubscribedTo(standby)) {
            settings.removeIf(setting -> setting.name().equals(FEEDBACK));
            settings.add(new Setting(FEEDBACK, "on", "without it its primary would remove what it still decodes by"));
        }
        if (node.waitsFor().isPresent()) {
            settings.add(
                    new Setting(SYNCHRONOUS, "", "who follows its primary will not follow it when it has taken over"));
        }
        override(settings, standby.settings());
        return List.copyOf(settings);
    }

    /** Whether it may have many tables to begin with. */
    private static boolean copiesMany(Topology topology, Subscription subscription) {
        return topology.names().contains(subscription.publisher())
                && topology.described(subscription.publisher()).database(subscription.publisherDatabase()).stream()
                        .flatMap(database -> subscription.publications().stream()
                                .flatMap(name -> database.publication(name).stream()))
                        .anyMatch(publication -> publication.allTables()
                                || !publication.schemas().isEmpty()
                                || publication.tables().size() > MANY_TABLES);
    }

    private static void override(List<Setting> settings, Map<String, String> raw) {
        raw.forEach((name, value) -> {
            settings.removeIf(derived -> derived.name().equalsIgnoreCase(name));
            settings.add(new Setting(name, value, "set by the topology"));
        });
    }

    /** The same as a map, for a command line. */
    public static Map<String, String> asMap(List<Setting> settings) {
        Map<String, String> map = new LinkedHashMap<>();
        settings.forEach(setting -> map.put(setting.name(), setting.value()));
        return map;
    }

    private static List<Setting> fixed() {
        return List.of(
                new Setting("fsync", "off", "a test cluster need not survive a power loss"),
                new Setting("shared_buffers", "16MB", "many small servers share one machine"),
                new Setting(CONNECTIONS, Integer.toString(MOST_CONNECTIONS), "a small server"),
                new Setting("password_encryption", "scram-sha-256", "13 would still use md5"),
                new Setting(
                        "wal_retrieve_retry_interval",
                        "50ms",
                        "a worker that failed or waits is tried again soon;"
                                + " PostgreSQL's default of 5 s is the greatest single cost of a test"),
                new Setting("wal_receiver_status_interval", "1s", "positions are reported often"),
                new Setting("wal_writer_delay", "1ms", "what is applied asynchronously is flushed and confirmed soon"),
                new Setting("log_line_prefix", "%m [%p] %b ", "time, process and what kind of process"),
                new Setting("log_replication_commands", "on", "what subscribers ask for is part of the story"),
                new Setting("log_statement", "none", "statements are in the journal"),
                new Setting("timezone", "UTC", "the same times everywhere"),
                new Setting("log_timezone", "UTC", "the same times everywhere"));
    }
}
