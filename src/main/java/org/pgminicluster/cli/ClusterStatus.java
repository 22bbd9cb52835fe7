package org.pgminicluster.cli;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What {@code status} shows, and prints with {@code --json}.
 *
 * @param topology the topology's name
 * @param version PostgreSQL's
 * @param servers {@code container} or {@code process}
 * @param since when it was started
 * @param nodes each node
 * @param subscriptions each subscription
 * @param failovers each failover that is to lose nothing, and why it would be refused now
 * @param faults what is broken on purpose and not healed
 */
record ClusterStatus(
        String topology,
        String version,
        String servers,
        String since,
        List<OfNode> nodes,
        List<OfSubscription> subscriptions,
        List<OfFailover> failovers,
        List<OfFault> faults) {

    ClusterStatus {
        nodes = List.copyOf(nodes);
        subscriptions = List.copyOf(subscriptions);
        failovers = List.copyOf(failovers);
        faults = List.copyOf(faults);
    }

    /** Whether every node answers, every enabled subscription streams, and nothing is broken on purpose. */
    @JsonProperty
    boolean healthy() {
        return faults.isEmpty()
                && nodes.stream().allMatch(OfNode::answers)
                && subscriptions.stream().allMatch(OfSubscription::works);
    }

    /** Such as {@code homework: PostgreSQL 13.23, process}. */
    String description() {
        return topology + ": PostgreSQL " + version + ", " + servers;
    }

    /**
     * @param state {@code running}, {@code standby}, {@code paused}, {@code down} or {@code silent}
     * @param address where to connect to; null if it is down
     * @param lsn up to where its WAL is written; null if it does not answer
     * @param writes the tables that it owns
     * @param copies the tables that are read-only copies here
     * @param detail what else there is to say
     */
    record OfNode(
            String name,
            String state,
            @Nullable String address,
            @Nullable String lsn,
            List<String> writes,
            List<String> copies,
            String detail) {

        OfNode {
            writes = List.copyOf(writes);
            copies = List.copyOf(copies);
        }

        boolean answers() {
            return state.equals("running") || state.equals("standby");
        }
    }

    /**
     * @param state {@code streaming}, {@code disabled} or what is wrong
     * @param publisher the node that it copies from, null if the topology does not know
     * @param behind bytes of WAL that the slot's user has not confirmed, null if not known
     */
    record OfSubscription(
            String node,
            String subscription,
            @Nullable String publisher,
            List<String> publications,
            @Nullable String slot,
            String state,
            @Nullable Long behind) {

        OfSubscription {
            publications = List.copyOf(publications);
        }

        boolean works() {
            return state.equals("streaming") || state.equals("disabled");
        }
    }

    /**
     * @param from the primary
     * @param to its standby
     * @param obstacles why a failover now would be refused; none if it would not be
     */
    record OfFailover(String from, String to, List<String> obstacles) {
        OfFailover {
            obstacles = List.copyOf(obstacles);
        }
    }

    /**
     * @param number by which {@code fault heal} takes it
     * @param what what is broken
     * @param proof what showed it
     */
    record OfFault(int number, String what, String proof) {}
}
