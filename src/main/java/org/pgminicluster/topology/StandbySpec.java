package org.pgminicluster.topology;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/**
 * A physical hot standby: a copy of a whole node, down to its files, that follows it and answers reads.
 *
 * @param name the standby's name, which is also its host name among the nodes
 * @param primary whom it follows: the node that it is a copy of, or another standby of that
 * @param guarded whether it is prepared for a failover that loses nothing: failover slots on the publishers of what the
 *     primary subscribes to, and no subscription of its own that runs before it is led to them
 * @param port the port on this machine's loopback address, or 0 for any free one
 * @param settings raw settings, applied after the derived ones
 * @param postgres what its server runs if that is not what its node's server runs, of the same major
 * @see <a href="https://www.postgresql.org/docs/13/warm-standby.html">Log-Shipping Standby Servers</a>
 * @see <a href="https://www.postgresql.org/docs/13/warm-standby.html#CASCADING-REPLICATION">Cascading Replication</a>
 */
@API(status = API.Status.MAINTAINED)
public record StandbySpec(
        String name,
        String primary,
        boolean guarded,
        int port,
        Map<String, String> settings,
        Optional<String> postgres) {

    public StandbySpec {
        settings = Collections.unmodifiableMap(new LinkedHashMap<>(settings));
    }

    /** Says what a standby is like; {@link #of} says of what, and ends it. */
    public static final class Builder {
        private final Topology.Builder topology;
        private final String name;
        private final Map<String, String> settings = new LinkedHashMap<>();
        private boolean guarded;
        private int port;
        private @Nullable String postgres;

        Builder(Topology.Builder topology, String name) {
            this.topology = topology;
            this.name = name;
        }

        /**
         * Prepares it for a failover that loses nothing. Each publisher that the primary subscribes to keeps what the
         * standby has not replayed, in a failover slot; and the standby starts no subscription of its own when it is promoted,
         * before it is led to those slots. It must follow a node, since it takes over from whom it follows, and a standby
         * is no primary.
         */
        public Builder guarded() {
            guarded = true;
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
         * Another minor release or image than that of its node, whose major it must have: what a standby replays is another
         * server's files.
         *
         * @see <a href="https://www.postgresql.org/docs/13/warm-standby.html#STANDBY-PLANNING">Planning</a>
         */
        public Builder postgres(String versionOrImage) {
            postgres = versionOrImage;
            return this;
        }

        /** The node or other standby that it follows, which the topology has or will have. */
        public Topology.Builder of(String primary) {
            return topology.add(new StandbySpec(name, primary, guarded, port, settings, Optional.ofNullable(postgres)));
        }
    }
}
