package org.pgminicluster.topology;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/**
 * One node: a PostgreSQL server and the databases on it.
 *
 * @param name the node's name, which is also its host name among the others
 * @param port the port on this machine's loopback address, or 0 for any free one
 * @param settings raw settings, applied after the derived ones
 * @param postgres what its server runs, as {@code minicluster.postgres} says it of a cluster; empty for the cluster's
 * @param mayFollow nodes that this one has a login on, beyond those that it subscribes to
 * @param databases the databases; the first is the topology's own
 */
@API(status = API.Status.MAINTAINED)
public record NodeSpec(
        String name,
        int port,
        Map<String, String> settings,
        Optional<String> postgres,
        List<String> mayFollow,
        List<DatabaseSpec> databases) {

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

    /**
     * Whom its commits wait for, as {@code synchronous_standby_names} has it; empty if for nobody. It is set when all that
     * follow the node are there: before, nothing could be committed.
     */
    public Optional<String> waitsFor() {
        return Optional.ofNullable(settings.get(SynchronousNames.SETTING)).filter(names -> !names.isBlank());
    }

    NodeSpec seeded(String databaseName, SqlScript rows) {
        List<DatabaseSpec> seeded = databases.stream()
                .map(database -> database.name().equals(databaseName) ? database.seeded(rows) : database)
                .toList();
        return new NodeSpec(name, port, settings, postgres, mayFollow, seeded);
    }

    /**
     * Says what a node is for. Everything but {@link #setting}, {@link #port}, {@link #postgres}, {@link #mayFollow} and {@link #database}
     * speaks of the topology's own database.
     */
    public static final class Builder extends DatabaseBuilder<Builder> {
        private final String name;
        private final String ownDatabase;
        private final Map<String, DatabaseSpec.Builder> others = new LinkedHashMap<>();
        private final Map<String, String> settings = new LinkedHashMap<>();
        private final List<String> mayFollow = new ArrayList<>();
        private int port;
        private @Nullable String postgres;

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

        /**
         * Another PostgreSQL than the cluster's, in the words of {@code minicluster.postgres}: a major such as {@code 16}, a
         * version, or an image's name. As processes the node runs the binaries of that major that are on the class path. Its
         * standbys run what it runs.
         *
         * @see <a href="https://www.postgresql.org/docs/current/logical-replication.html">Logical Replication, between
         *     different major versions</a>
         */
        public Builder postgres(String versionOrImage) {
            postgres = versionOrImage;
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
            return new NodeSpec(name, port, merged, Optional.ofNullable(postgres), mayFollow, databases);
        }
    }
}
