package org.pgminicluster.history;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.pgminicluster.cluster.MiniCluster;
import org.pgminicluster.cluster.Node;
import org.pgminicluster.script.Slots;
import org.pgminicluster.topology.NodeSpec;
import org.pgminicluster.topology.Topology;

/**
 * The homework with a counter and a canary table for each publisher in its publication. Mutants are the same with one
 * thing wrong, to see that the oracle finds it.
 *
 * @param synchronousCommit of every subscription
 * @param guarded whether the read-only copies are guarded
 * @param allTables whether both publications are {@code FOR ALL TABLES}, against all advice
 * @param standby what vm4 is
 * @param waiting who waits for whom when it commits
 */
record HistoryTopology(String synchronousCommit, boolean guarded, boolean allTables, Standby standby, Waiting waiting) {

    static final String PRIMARY = "vm3";
    static final String STANDBY = "vm4";

    /** What vm4 is. */
    enum Standby {
        /** Not there. */
        NONE,
        /** A standby that goes on from the slots of the one that it takes over from. */
        PLAIN,
        /** A standby with guard slots, and fenced. */
        GUARDED,
        /** A standby with guard slots, but its subscriptions start when it is promoted. */
        UNFENCED
    }

    /** Who waits for whom when it commits. */
    enum Waiting {
        NOBODY("", ""),
        VM1_FOR_VM3("vm1", "vm3_test_sub"),
        VM3_FOR_VM4("vm3", "vm4");

        private final String node;
        private final String names;

        Waiting(String node, String names) {
            this.node = node;
            this.names = names;
        }
    }

    /** A subscription and its slot. */
    record Link(String subscriber, String subscription, Source source, String slot) {
        /** A slot takes its subscription's name. */
        Link(String subscriber, String subscription, Source source) {
            this(subscriber, subscription, source, subscription);
        }

        String publisher() {
            return source.publisher();
        }
    }

    static final List<Link> LINKS = List.of(
            new Link("vm1", "test2_sub", Source.N2),
            new Link("vm2", "test_sub", Source.N1),
            new Link(PRIMARY, "vm3_test_sub", Source.N1),
            new Link(PRIMARY, "vm3_test2_sub", Source.N2));

    static HistoryTopology of(Profile profile) {
        Standby standby = profile == Profile.STANDBY ? Standby.GUARDED : Standby.NONE;
        Waiting waiting = profile == Profile.WAITING ? Waiting.VM1_FOR_VM3 : Waiting.NOBODY;
        return new HistoryTopology(profile.synchronousCommit(), true, false, standby, waiting);
    }

    HistoryTopology withoutGuards() {
        return new HistoryTopology(synchronousCommit, false, allTables, standby, waiting);
    }

    HistoryTopology withAllTables() {
        return new HistoryTopology(synchronousCommit, guarded, true, standby, waiting);
    }

    HistoryTopology with(Standby other) {
        return new HistoryTopology(synchronousCommit, guarded, allTables, other, waiting);
    }

    HistoryTopology withSynchronousStandby(String subscriptionsCommit) {
        return new HistoryTopology(subscriptionsCommit, guarded, allTables, standby, Waiting.VM3_FOR_VM4);
    }

    static Link link(String publisher, String subscriber) {
        return LINKS.stream()
                .filter(link ->
                        link.publisher().equals(publisher) && link.subscriber().equals(subscriber))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(subscriber + " does not follow " + publisher));
    }

    /** Who has a copy of what, by which subscription, be it one that was inherited and does not run. */
    List<Link> copies() {
        List<Link> copies = new ArrayList<>(LINKS);
        if (standby != Standby.NONE) {
            copies.addAll(inherited(false));
        }
        return copies;
    }

    /** The subscriptions that there are in the end. */
    List<Link> linksInTheEnd(boolean failedOver) {
        if (!failedOver) {
            return LINKS;
        }
        List<Link> links = new ArrayList<>(LINKS.stream()
                .filter(link -> !link.subscriber().equals(PRIMARY))
                .toList());
        links.addAll(inherited(standby != Standby.PLAIN));
        return links;
    }

    /** What vm4 has from vm3, with the slots that it goes on with: those of vm3, or the guard slots. */
    private static List<Link> inherited(boolean fromGuardSlots) {
        return LINKS.stream()
                .filter(link -> link.subscriber().equals(PRIMARY))
                .map(link -> new Link(
                        STANDBY,
                        link.subscription(),
                        link.source(),
                        fromGuardSlots ? Slots.guard(STANDBY, link.subscription()) : link.slot()))
                .toList();
    }

    /** By which slots vm4 begins when it is promoted. */
    List<Link> takenOver() {
        return inherited(standby == Standby.GUARDED);
    }

    Topology create() {
        Topology.Builder builder = Topology.named("history")
                .database("rep")
                .setting("track_commit_timestamp", "on")
                .setting("wal_sender_timeout", "5s")
                .setting("wal_receiver_timeout", "5s");
        if (allTables) {
            builder.allowEcho();
        }
        Arrays.stream(Source.values()).forEach(source -> builder.schema(source.schema()));
        builder.node("vm1", node -> writes(node, Source.N1))
                .node("vm2", node -> writes(node, Source.N2))
                .node(PRIMARY, node -> copies(node, PRIMARY, Source.values()));
        switch (standby) {
            case NONE -> {}
            case PLAIN -> builder.standby(STANDBY).of(PRIMARY);
            case GUARDED -> builder.standby(STANDBY).guarded().of(PRIMARY);
            case UNFENCED ->
                builder.standby(STANDBY)
                        .guarded()
                        .setting("max_logical_replication_workers", "10")
                        .of(PRIMARY);
        }
        return builder.build();
    }

    /** What can be set only when all nodes are there: before, commits would wait for a standby that is still to come. */
    void finish(MiniCluster cluster) {
        if (waiting != Waiting.NOBODY) {
            Node node = cluster.node(waiting.node);
            node.execute("ALTER SYSTEM SET synchronous_standby_names = '" + waiting.names + "'");
            node.query("SELECT pg_reload_conf()");
            cluster.awaitValue(node, "SELECT count(*) FROM pg_stat_replication WHERE sync_state = 'sync'", 1);
            // Backends wait when the checkpointer, too, has read it.
            node.execute("CHECKPOINT");
        }
    }

    private void writes(NodeSpec.Builder node, Source own) {
        if (allTables) {
            node.publication(own.table() + "_pub", publication -> publication.allTables());
        } else {
            node.publishes(own.table() + "_pub", own.tables());
        }
        Source other = own == Source.N1 ? Source.N2 : Source.N1;
        copies(node, own.publisher(), other);
    }

    /** Everything begins empty and equal, so nothing is copied. */
    private void copies(NodeSpec.Builder node, String name, Source... sources) {
        if (guarded) {
            node.guards(Stream.of(sources)
                    .flatMap(source -> Stream.of(source.tables()))
                    .toArray(String[]::new));
        }
        for (Source source : sources) {
            node.subscription(
                    link(source.publisher(), name).subscription(),
                    subscription -> subscription
                            .to(source.publisher(), source.table() + "_pub")
                            .copyData(false)
                            .synchronousCommit(synchronousCommit));
        }
    }
}
