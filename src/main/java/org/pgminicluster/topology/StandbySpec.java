package org.pgminicluster.topology;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A physical hot standby: a copy of a whole node, down to its files, that follows it and answers reads.
 *
 * @param name the standby's name, which is also its host name among the nodes
 * @param primary the node that it is a copy of
 * @param guarded whether it is prepared for a failover that loses nothing: guard slots on the publishers of what the
 *     primary subscribes to, and no subscription of its own that runs before it is led to them
 * @param port the port on this machine's loopback address, or 0 for any free one
 * @param settings raw settings, applied after the derived ones
 * @see <a href="https://www.postgresql.org/docs/13/warm-standby.html">Log-Shipping Standby Servers</a>
 */
public record StandbySpec(String name, String primary, boolean guarded, int port, Map<String, String> settings) {

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

        Builder(Topology.Builder topology, String name) {
            this.topology = topology;
            this.name = name;
        }

        /**
         * Prepares it for a failover that loses nothing. Each publisher that the primary subscribes to keeps what the
         * standby has not replayed, in a guard slot; and the standby starts no subscription of its own when it is promoted,
         * before it is led to those slots.
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

        /** The node that it is a standby of, which the topology has or will have. */
        public Topology.Builder of(String primary) {
            return topology.add(new StandbySpec(name, primary, guarded, port, settings));
        }
    }
}
