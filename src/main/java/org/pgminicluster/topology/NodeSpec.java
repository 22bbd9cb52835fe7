package org.pgminicluster.topology;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * One node: a PostgreSQL server and the databases on it.
 *
 * @param name the node's name, which is also its host name among the others
 * @param port the port on this machine's loopback address, or 0 for any free one
 * @param settings raw settings, applied after the derived ones
 * @param mayFollow nodes that this one has a login on, beyond those that it subscribes to
 * @param databases the databases; the first is the topology's own
 */
public record NodeSpec(
        String name, int port, Map<String, String> settings, List<String> mayFollow, List<DatabaseSpec> databases) {

    public NodeSpec {
        settings = Collections.unmodifiableMap(new LinkedHashMap<>(settings));
        mayFollow = List.copyOf(mayFollow);
        databases = List.copyOf(databases);
    }

    /** The database of that name. */
    public Optional<DatabaseSpec> database(String databaseName) {
        return databases.stream()
                .filter(database -> database.name().equals(databaseName))
                .findFirst();
    }

    /** Whether anything is published here, so that changes must be decodable. */
    public boolean publishes() {
        return databases.stream().anyMatch(database -> !database.publications().isEmpty());
    }

    /** Whether anything is subscribed here. */
    public boolean subscribes() {
        return databases.stream().anyMatch(database -> !database.subscriptions().isEmpty());
    }

    /** Whether this node has a login on another: it subscribes to it, or was said to {@link #mayFollow} it. */
    public boolean follows(String publisher) {
        return mayFollow.contains(publisher)
                || databases.stream()
                        .flatMap(database -> database.subscriptions().stream())
                        .anyMatch(subscription -> subscription.publisher().equals(publisher));
    }

    NodeSpec seeded(String databaseName, SqlScript rows) {
        List<DatabaseSpec> seeded = databases.stream()
                .map(database -> database.name().equals(databaseName) ? database.seeded(rows) : database)
                .toList();
        return new NodeSpec(name, port, settings, mayFollow, seeded);
    }

    /**
     * Says what a node is for. Everything but {@link #setting}, {@link #port}, {@link #mayFollow} and {@link #database}
     * speaks of the topology's own database.
     */
    public static final class Builder extends DatabaseBuilder<Builder> {
        private final String name;
        private final String ownDatabase;
        private final Map<String, DatabaseSpec.Builder> others = new LinkedHashMap<>();
        private final Map<String, String> settings = new LinkedHashMap<>();
        private final List<String> mayFollow = new ArrayList<>();
        private int port;

        Builder(String name, String ownDatabase) {
            super(ownDatabase);
            this.name = name;
            this.ownDatabase = ownDatabase;
        }

        /** Another database on the same node. */
        public Builder database(String database, Consumer<DatabaseSpec.Builder> spec) {
            if (database.equals(ownDatabase)) {
                throw InvalidTopologyException.expected(
                        "another database of " + name,
                        "have a name of its own",
                        "was \"" + database + "\", the topology's own",
                        "say what is in that one on the node itself");
            }
            spec.accept(others.computeIfAbsent(database, DatabaseSpec.Builder::new));
            return this;
        }

        /** A raw setting, applied after all derived ones. */
        public Builder setting(String setting, String value) {
            settings.put(setting, value);
            return this;
        }

        /** A fixed port on this machine's loopback address; without it any free one is taken. */
        public Builder port(int loopbackPort) {
            port = loopbackPort;
            return this;
        }

        /**
         * Gives this node a login on others, for subscriptions that somebody makes by hand; on those that it subscribes
         * to it has one anyway.
         */
        public Builder mayFollow(String... publishers) {
            mayFollow.addAll(Arrays.asList(publishers));
            return this;
        }

        @Override
        Builder self() {
            return this;
        }

        NodeSpec build(List<SqlScript> sharedSchema, Map<String, String> sharedSettings) {
            List<DatabaseSpec> databases = new ArrayList<>();
            databases.add(buildDatabase().withSchemaBefore(sharedSchema));
            others.values().forEach(other -> databases.add(other.buildDatabase()));
            Map<String, String> merged = new LinkedHashMap<>(sharedSettings);
            merged.putAll(settings);
            return new NodeSpec(name, port, merged, mayFollow, databases);
        }
    }
}
