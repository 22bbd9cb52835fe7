package org.pgminicluster.topology;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apiguardian.api.API;

/**
 * What a cluster is: its nodes, and who publishes what to whom. Plain data, valid by construction; a running one is a
 * {@code MiniCluster}.
 *
 * <pre>{@code
 * Topology.named("one way")
 *         .schema("CREATE TABLE item (id integer PRIMARY KEY, name text)")
 *         .node("primary", n -> n.publishes("items", "item"))
 *         .node("copy", n -> n.readOnly("item").subscribes("items_copy", "primary", "items"))
 *         .build();
 * }</pre>
 *
 * @param name shown in reports
 * @param database the database that every node has
 * @param nodes the nodes, in the order in which they were named
 * @param standbys the physical standbys of some of them
 * @param echoAllowed whether a table may go round in a circle of subscriptions
 * @param makesRoles whether roles that scripts name and nobody has made are made
 * @param tls whether all servers speak TLS over TCP and let nobody in without
 */
@API(status = API.Status.MAINTAINED)
public record Topology(
        String name,
        String database,
        List<NodeSpec> nodes,
        List<StandbySpec> standbys,
        boolean echoAllowed,
        boolean makesRoles,
        boolean tls) {

    public Topology {
        nodes = List.copyOf(nodes);
        standbys = List.copyOf(standbys);
    }

    /** Starts to describe a topology. */
    public static Builder named(String name) {
        return new Builder(name);
    }

    /**
     * The node of that name.
     *
     * @throws InvalidTopologyException listing the known names if there is none
     */
    public NodeSpec node(String nodeName) {
        return nodes.stream()
                .filter(node -> node.name().equals(nodeName))
                .findFirst()
                .orElseThrow(() -> unknown(nodeName));
    }

    /** The standby of that name; empty if it is an ordinary node or unknown. */
    public Optional<StandbySpec> standby(String standbyName) {
        return standbys.stream()
                .filter(standby -> standby.name().equals(standbyName))
                .findFirst();
    }

    /** The standbys that follow a node, or another standby, directly. */
    public List<StandbySpec> standbysOf(String primary) {
        return standbys.stream()
                .filter(standby -> standby.primary().equals(primary))
                .toList();
    }

    /** The standbys that follow a node, or another standby, directly or through others; none comes before whom it follows. */
    public List<StandbySpec> standbysBelow(String server) {
        List<StandbySpec> below = new ArrayList<>(standbysOf(server));
        for (int each = 0; each < below.size(); each++) {
            below.addAll(standbysOf(below.get(each).name()));
        }
        return List.copyOf(below);
    }

    /** Whether a subscription follows this standby, so that the standby itself decodes. */
    public boolean isSubscribedTo(StandbySpec standby) {
        return nodes.stream()
                .flatMap(node -> node.databases().stream())
                .flatMap(each -> each.subscriptions().stream())
                .anyMatch(subscription -> subscription.publisher().equals(standby.name()));
    }

    /** The names of all servers: the nodes, then the standbys. */
    public List<String> names() {
        return Stream.concat(
                        nodes.stream().map(NodeSpec::name), standbys.stream().map(StandbySpec::name))
                .toList();
    }

    /** What to throw for a name that no server has: it lists those that there are. */
    public InvalidTopologyException unknown(String serverName) {
        return TopologyRules.unknownNode("a node", serverName, names());
    }

    /** The node that describes what is on a server: itself, or the one that it follows if it is a standby, be it through others. */
    public NodeSpec described(String serverName) {
        Optional<StandbySpec> standby = standby(serverName);
        return standby.isPresent() ? described(standby.get().primary()) : node(serverName);
    }

    /** What a server runs, as the topology says it of the server or of the node that it is a copy of; empty if it does not. */
    public Optional<String> postgresOf(String serverName) {
        return standby(serverName)
                .flatMap(StandbySpec::postgres)
                .or(() -> described(serverName).postgres());
    }

    /** This with further first rows on one node, put in before anything is guarded, published or subscribed. */
    public Topology seeded(String nodeName, String sql) {
        node(nodeName);
        List<NodeSpec> seeded = nodes.stream()
                .map(node -> node.name().equals(nodeName) ? node.seeded(database, SqlScript.inline(sql)) : node)
                .toList();
        return new Topology(name, database, seeded, standbys, echoAllowed, makesRoles, tls);
    }

    /**
     * Checks what depends on the version: options that came later, and tables that would echo.
     *
     * @throws InvalidTopologyException naming the option and the first major that has it, or the circle
     */
    public void requireSupportedBy(int major) {
        requireSupportedBy(server -> major);
    }

    /**
     * The same for servers of several majors: each must know what is asked of it, a publisher what its subscribers ask for,
     * and a standby's major must be that of whom it follows.
     *
     * @param majorOf the major of each server
     * @throws InvalidTopologyException naming what is missing where and the first major that has it, or the circle
     */
    public void requireSupportedBy(ToIntFunction<String> majorOf) {
        new VersionRules(nodes, primaries(), majorOf).check(echoAllowed);
    }

    /** The topology as a Mermaid flow chart, which GitHub and many editors draw. */
    public String toMermaid() {
        return Mermaid.draw(database, nodes, primaries());
    }

    /** Whom each standby follows directly. */
    Map<String, String> primaries() {
        Map<String, String> primaries = new LinkedHashMap<>();
        standbys.forEach(standby -> primaries.put(standby.name(), standby.primary()));
        return primaries;
    }

    /** The topology's name and its nodes. */
    @Override
    public String toString() {
        return name + names().stream().collect(Collectors.joining(", ", " [", "]"));
    }

    /** Says what the cluster is; {@link #build()} checks it. */
    public static final class Builder {
        private final String name;
        private String database = "rep";
        private final List<SqlScript> schema = new ArrayList<>();
        private final Map<String, String> settings = new LinkedHashMap<>();
        private final List<NamedNode> nodes = new ArrayList<>();
        private final List<StandbySpec> standbys = new ArrayList<>();
        private boolean echoAllowed;
        private boolean makesRoles = true;
        private boolean tls;

        private record NamedNode(String name, Consumer<NodeSpec.Builder> spec) {}

        private Builder(String name) {
            this.name = name;
        }

        /** The database that every node has; by default {@code rep}. */
        public Builder database(String databaseName) {
            database = databaseName;
            return this;
        }

        /** Statements, one or many, that every node runs before its own. */
        public Builder schema(String sql) {
            schema.add(SqlScript.inline(sql));
            return this;
        }

        /** A file of statements, from the class path or the file system, that every node runs before its own. */
        public Builder schemaFrom(String resourceOrFile) {
            schema.add(SqlScript.from(resourceOrFile));
            return this;
        }

        /** A raw setting of every node; one that the node sets itself wins. */
        public Builder setting(String setting, String value) {
            settings.put(setting, value);
            return this;
        }

        /** Adds a node. */
        public Builder node(String nodeName, Consumer<NodeSpec.Builder> spec) {
            nodes.add(new NamedNode(nodeName, spec));
            return this;
        }

        /** Adds a node with nothing but the shared schema. */
        public Builder node(String nodeName) {
            return node(nodeName, n -> {});
        }

        /**
         * Begins a physical hot standby: {@code .standby("vm4").of("vm3")}. It may follow another standby, which passes on
         * what it receives: {@code .standby("vm5").of("vm4")}.
         *
         * @see <a href="https://www.postgresql.org/docs/13/warm-standby.html">Log-Shipping Standby Servers</a>
         * @see <a href="https://www.postgresql.org/docs/13/warm-standby.html#CASCADING-REPLICATION">Cascading Replication</a>
         */
        public StandbySpec.Builder standby(String standbyName) {
            return new StandbySpec.Builder(this, standbyName);
        }

        Builder add(StandbySpec standby) {
            standbys.add(standby);
            return this;
        }

        /** Lets a table go round in a circle of subscriptions, for those who want to see the echo. */
        public Builder allowEcho() {
            echoAllowed = true;
            return this;
        }

        /**
         * Lets a server refuse what names a role that is not there. Without this, such roles of owners, grants, policies
         * and default privileges are made when a schema or seed names them, as plain roles that may not log in: a dump
         * names roles and makes none.
         *
         * @see <a href="https://www.postgresql.org/docs/13/user-manag.html">Database Roles</a>
         */
        public Builder rolesMustExist() {
            makesRoles = false;
            return this;
        }

        /**
         * Lets all servers speak TLS, and nobody in over TCP who does not. Each has a certificate of its own, signed by an
         * authority that is made for every cluster anew; subscriptions, standbys and this JVM make sure by it that they
         * speak to the right server ({@code verify-full}). Logins are by password as before.
         *
         * @see <a href="https://www.postgresql.org/docs/13/ssl-tcp.html">Secure TCP/IP Connections with SSL</a>
         * @see <a href="https://www.postgresql.org/docs/13/libpq-ssl.html">SSL Support</a>
         */
        public Builder tls() {
            tls = true;
            return this;
        }

        /**
         * @throws InvalidTopologyException if the topology cannot work on any version; see {@link
         *     Topology#requireSupportedBy} for what depends on it
         */
        public Topology build() {
            List<NodeSpec> built = nodes.stream()
                    .map(node -> {
                        NodeSpec.Builder builder = new NodeSpec.Builder(node.name(), database);
                        node.spec().accept(builder);
                        return builder.build(schema, settings);
                    })
                    .toList();
            Topology topology = new Topology(name, database, built, standbys, echoAllowed, makesRoles, tls);
            TopologyRules.check(topology);
            return topology;
        }
    }
}
