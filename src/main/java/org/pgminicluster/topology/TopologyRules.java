package org.pgminicluster.topology;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What every topology must keep, whatever version runs it. Each check has one sentence of its own. */
final class TopologyRules {

    /** A node's name is a host name, part of a role's name and a file name. */
    private static final Pattern NODE_NAME = Pattern.compile("[a-z][a-z0-9]*(-[a-z0-9]+)*");

    private static final int NODE_NAME_LENGTH = 40;
    private static final int IDENTIFIER_BYTES = 63;
    private static final Pattern SLOT_NAME = Pattern.compile("[a-z0-9_]{1,63}");

    private static final Set<String> MADE_BY_TLS = Set.of("ssl", "ssl_cert_file", "ssl_key_file");

    private TopologyRules() {}

    static void check(Topology topology) {
        if (topology.nodes().isEmpty()) {
            throw InvalidTopologyException.expected(
                    "topology \"" + topology.name() + "\"",
                    "have a node",
                    "has none",
                    "add one with .node(\"vm1\", ...)");
        }
        unique("a node", "the topology", topology.names().stream());
        checkTls(topology);
        topology.standbys().forEach(standby -> checkPrimary(topology, standby));
        topology.standbys().forEach(standby -> checkStandby(topology, standby));
        for (NodeSpec node : topology.nodes()) {
            checkNode(topology, node);
        }
        topology.nodes()
                .forEach(node -> SynchronousNames.check(
                        node.name(), node.waitsFor().orElse(""), followers(topology, node.name())));
        checkSlots(topology);
        checkOwners(topology);
    }

    /** Which certificate a server shows is either the caller's business or the library's. */
    private static void checkTls(Topology topology) {
        if (topology.tls()) {
            topology.nodes().forEach(node -> checkTls(node.name(), node.settings()));
            topology.standbys().forEach(standby -> checkTls(standby.name(), standby.settings()));
        }
    }

    private static void checkTls(String server, Map<String, String> settings) {
        settings.forEach((name, value) -> {
            if (MADE_BY_TLS.contains(name.toLowerCase(Locale.ROOT))) {
                throw InvalidTopologyException.expected(
                        "the settings of " + server,
                        "leave " + name + " to tls(), which makes a certificate for every server",
                        "has " + name + " = " + value,
                        "leave out one of them");
            }
        });
    }

    static InvalidTopologyException unknownNode(String what, String name, Collection<String> known) {
        return InvalidTopologyException.expected(
                what,
                "be one of " + String.join(", ", known),
                "was \"" + name + "\"",
                "check the name or add the node");
    }

    private static List<String> nodeNames(Topology topology) {
        return topology.nodes().stream().map(NodeSpec::name).toList();
    }

    private static void checkServer(String name, int port, Optional<String> postgres) {
        if (!NODE_NAME.matcher(name).matches() || name.length() > NODE_NAME_LENGTH) {
            throw InvalidTopologyException.expected(
                    "a node's name",
                    "be a host name of lower-case letters, digits and single hyphens, at most " + NODE_NAME_LENGTH
                            + " long",
                    "was \"" + name + "\"",
                    "rename the node");
        }
        if (port < 0 || port > 65535) {
            throw InvalidTopologyException.expected(
                    "the port of " + name,
                    "be between 1 and 65535, or 0 for any free one",
                    "was " + port,
                    "choose another");
        }
        if (postgres.filter(String::isBlank).isPresent()) {
            throw InvalidTopologyException.expected(
                    "postgres(...) of " + name,
                    "be a major such as 16, a version or an image's name",
                    "was \"" + postgres.get() + "\"",
                    "leave it out for what the cluster runs");
        }
    }

    private static void checkPrimary(Topology topology, StandbySpec standby) {
        checkServer(standby.name(), standby.port(), standby.postgres());
        if (!topology.names().contains(standby.primary())) {
            throw unknownNode(
                    "the primary of " + standby.name(),
                    standby.primary(),
                    topology.names().stream()
                            .filter(name -> !name.equals(standby.name()))
                            .toList());
        }
    }

    private static void checkStandby(Topology topology, StandbySpec standby) {
        checkWay(topology, standby);
        NodeSpec node = topology.described(standby.name());
        if (standby.guarded() && !node.subscribes()) {
            throw InvalidTopologyException.expected(
                    "the guarded standby " + standby.name(),
                    "be of a node that subscribes to something",
                    "is of " + node.name() + ", which does not",
                    "leave out guarded()");
        }
        if (standby.guarded()) {
            checkFailoverSlots(topology, node, standby);
        }
        if (topology.standby(standby.primary()).isPresent()) {
            checkCascading(node, standby);
        }
    }

    /** They are copies of the subscriptions' slots, and would have to go with a standby that is promoted or made anew. */
    private static void checkFailoverSlots(Topology topology, NodeSpec node, StandbySpec guarded) {
        node.databases().stream()
                .flatMap(database -> database.subscriptions().stream())
                .filter(subscription ->
                        topology.standby(subscription.publisher()).isPresent())
                .findFirst()
                .ifPresent(subscription -> {
                    throw InvalidTopologyException.expected(
                            "the guarded standby " + guarded.name(),
                            "be of a node that follows nodes, which keep its failover slots",
                            "is of " + node.name() + ", whose \"" + subscription.name() + "\" follows "
                                    + subscription.publisher() + ", a standby",
                            "leave out guarded(), or follow "
                                    + topology.described(subscription.publisher())
                                            .name());
                });
    }

    /** Whoever follows itself, through others or not, gets nothing. */
    private static void checkWay(Topology topology, StandbySpec standby) {
        List<String> way = new ArrayList<>(List.of(standby.name()));
        Optional<StandbySpec> next = Optional.of(standby);
        while (next.isPresent()) {
            String followed = next.get().primary();
            boolean again = way.contains(followed);
            way.add(followed);
            if (again) {
                throw InvalidTopologyException.expected(
                        "standby " + standby.name(),
                        "follow a node, directly or through other standbys",
                        "follows nobody but standbys, " + String.join(" of ", way),
                        "make one of them a standby of a node");
            }
            next = topology.standby(followed);
        }
    }

    /** A failover is from a primary, and that is what a guarded one keeps its slots for. */
    private static void checkCascading(NodeSpec node, StandbySpec standby) {
        if (standby.guarded()) {
            throw InvalidTopologyException.expected(
                    "the guarded standby " + standby.name(),
                    "follow a node, from which it can take over",
                    "follows " + standby.primary() + ", which is a standby itself and writes nothing",
                    "leave out guarded(), or make it a standby of " + node.name());
        }
        if ("on".equals(standby.settings().get("sync_replication_slots"))) {
            throw InvalidTopologyException.expected(
                    "standby " + standby.name() + ", which has sync_replication_slots = on,",
                    "follow a node, since PostgreSQL syncs no slots from a standby",
                    "follows " + standby.primary() + ", which is a standby itself",
                    "leave that setting out, or make it a standby of " + node.name());
        }
    }

    private static List<String> followers(Topology topology, String node) {
        return Stream.concat(
                        topology.standbysOf(node).stream().map(StandbySpec::name),
                        topology.nodes().stream()
                                .flatMap(other -> other.databases().stream())
                                .flatMap(database -> database.subscriptions().stream())
                                .filter(subscription -> subscription.publisher().equals(node))
                                .map(Subscription::name))
                .toList();
    }

    private static void checkNode(Topology topology, NodeSpec node) {
        checkServer(node.name(), node.port(), node.postgres());
        node.mayFollow().stream()
                .filter(followed -> topology.nodes().stream()
                        .noneMatch(other -> other.name().equals(followed)))
                .findFirst()
                .ifPresent(followed -> {
                    throw unknownNode("a node that " + node.name() + " may follow", followed, nodeNames(topology));
                });
        for (DatabaseSpec database : node.databases()) {
            identifier("a database's name on " + node.name(), database.name());
            unique(
                    "a publication",
                    node.name(),
                    database.publications().stream().map(Publication::name));
            unique(
                    "a subscription",
                    node.name(),
                    database.subscriptions().stream().map(Subscription::name));
            database.publications().forEach(p -> identifier("a publication's name on " + node.name(), p.name()));
            database.subscriptions().forEach(s -> {
                identifier("a subscription's name on " + node.name(), s.name());
                checkSubscription(topology, node, s);
            });
        }
    }

    private static void checkSubscription(Topology topology, NodeSpec node, Subscription subscription) {
        String what = "subscription \"" + subscription.name() + "\" on " + node.name();
        if (!topology.names().contains(subscription.publisher())) {
            throw unknownNode("the publisher of " + what, subscription.publisher(), topology.names());
        }
        NodeSpec publisher = topology.described(subscription.publisher());
        DatabaseSpec database = publisher
                .database(subscription.publisherDatabase())
                .orElseThrow(() -> InvalidTopologyException.expected(
                        what,
                        "follow a database that " + publisher.name() + " has",
                        "follows \"" + subscription.publisherDatabase() + "\"",
                        known("databases", publisher.databases().stream().map(DatabaseSpec::name))));
        for (String name : subscription.publications()) {
            if (database.publication(name).isEmpty()) {
                throw InvalidTopologyException.expected(
                        what,
                        "follow a publication that " + publisher.name() + " has",
                        "follows \"" + name + "\"",
                        known("publications", database.publications().stream().map(Publication::name)));
            }
        }
        if (publisher.equals(node) && subscription.makesSlot()) {
            throw InvalidTopologyException.expected(
                    what,
                    "follow another node",
                    "follows "
                            + (subscription.publisher().equals(node.name())
                                    ? node.name() + " itself"
                                    : subscription.publisher() + ", a standby of " + node.name())
                            + ", and CREATE SUBSCRIPTION would wait for itself while it makes its slot",
                    "make the slot beforehand and say .with(\"create_slot\", \"false\")");
        }
        if (!SLOT_NAME.matcher(subscription.slotName()).matches()) {
            throw InvalidTopologyException.expected(
                    "the slot name of " + what,
                    "be of lower-case letters, digits and underscores, at most " + IDENTIFIER_BYTES,
                    "was \"" + subscription.slotName() + "\"",
                    "choose another");
        }
    }

    /** A slot belongs to the whole server, so two subscribers may not make one of the same name. */
    private static void checkSlots(Topology topology) {
        Map<String, String> makers = new HashMap<>();
        for (NodeSpec node : topology.nodes()) {
            for (DatabaseSpec database : node.databases()) {
                for (Subscription subscription : database.subscriptions()) {
                    if (subscription.hasNoSlot()) {
                        continue;
                    }
                    String slot = subscription.publisher() + "/" + subscription.slotName();
                    String other = makers.put(slot, node.name());
                    if (other != null) {
                        throw InvalidTopologyException.expected(
                                "slot \"" + subscription.slotName() + "\" on " + subscription.publisher(),
                                "belong to one subscription",
                                "is wanted by those of " + other + " and " + node.name(),
                                "give one of the subscriptions another name or a slot_name");
                    }
                }
            }
        }
    }

    private static void checkOwners(Topology topology) {
        Flow flow = Flow.of(topology.nodes(), topology.primaries());
        Set<TableName> owned = new HashSet<>();
        for (NodeSpec node : topology.nodes()) {
            for (DatabaseSpec database : node.databases()) {
                Flow.Place here = new Flow.Place(node.name(), database.name());
                Set<TableName> own = owns(database, table -> flow.receives(here, table));
                owned.addAll(own);
                database.readOnly().stream().filter(own::contains).findFirst().ifPresent(table -> {
                    throw InvalidTopologyException.expected(
                            "table \"" + table + "\" on " + node.name(),
                            "be either written there or a read-only copy",
                            "is both",
                            "take it out of readOnly(...), or subscribe to the node that owns it");
                });
            }
        }
        for (NodeSpec node : topology.nodes()) {
            for (DatabaseSpec database : node.databases()) {
                Flow.Place here = new Flow.Place(node.name(), database.name());
                database.readOnly().stream()
                        .filter(table -> !owned.contains(table) && !flow.receives(here, table))
                        .findFirst()
                        .ifPresent(table -> {
                            throw InvalidTopologyException.expected(
                                    "table \"" + table + "\", read-only on " + node.name(),
                                    "be owned by some node",
                                    "is owned by none",
                                    "publish it on the node that writes it, or say owns(\"" + table + "\") there");
                        });
            }
        }
    }

    /** What a node writes: what it says so of, and what it publishes and does not itself receive. */
    private static Set<TableName> owns(DatabaseSpec database, Predicate<TableName> received) {
        Set<TableName> own = new HashSet<>(database.owns());
        database.publications().stream()
                .flatMap(publication -> publication.tables().stream())
                .map(Publication.Table::name)
                .filter(received.negate())
                .forEach(own::add);
        return own;
    }

    private static void identifier(String what, String name) {
        if (name.indexOf('\0') >= 0) {
            throw InvalidTopologyException.expected(
                    what, "have no character 0", "was \"" + name + "\"", "choose another");
        }
        int bytes = name.getBytes(StandardCharsets.UTF_8).length;
        if (bytes == 0 || bytes > IDENTIFIER_BYTES) {
            throw InvalidTopologyException.expected(
                    what, "have 1 to " + IDENTIFIER_BYTES + " bytes of UTF-8", "has " + bytes, "choose another");
        }
    }

    private static void unique(String what, String where, Stream<String> names) {
        Set<String> seen = new HashSet<>();
        names.filter(name -> !seen.add(name)).findFirst().ifPresent(name -> {
            throw InvalidTopologyException.expected(
                    what + " of " + where,
                    "have a name of its own",
                    "there are two named \"" + name + "\"",
                    "rename one");
        });
    }

    private static String known(String what, Stream<String> names) {
        String all = names.sorted().collect(Collectors.joining(", "));
        return all.isEmpty() ? "it has no " + what : "its " + what + " are " + all;
    }
}
