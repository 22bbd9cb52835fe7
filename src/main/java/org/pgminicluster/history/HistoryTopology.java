package org.pgminicluster.history;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.pgminicluster.topology.NodeSpec;
import org.pgminicluster.topology.Topology;

/**
 * The homework with a counter and a canary table for each publisher in its publication. Mutants are the same with one
 * thing wrong, to see that the oracle finds it.
 *
 * @param synchronousCommit of every subscription
 * @param guarded whether the read-only copies are guarded
 * @param allTables whether both publications are {@code FOR ALL TABLES}, against all advice
 */
record HistoryTopology(String synchronousCommit, boolean guarded, boolean allTables) {

    /** A subscription and its slot. */
    record Link(String subscriber, String subscription, Source source) {
        String publisher() {
            return source.publisher();
        }

        /** A slot takes its subscription's name. */
        String slot() {
            return subscription;
        }
    }

    static final List<Link> LINKS = List.of(
            new Link("vm1", "test2_sub", Source.N2),
            new Link("vm2", "test_sub", Source.N1),
            new Link("vm3", "vm3_test_sub", Source.N1),
            new Link("vm3", "vm3_test2_sub", Source.N2));

    static HistoryTopology of(Profile profile) {
        return new HistoryTopology(profile.synchronousCommit(), true, false);
    }

    HistoryTopology withoutGuards() {
        return new HistoryTopology(synchronousCommit, false, allTables);
    }

    HistoryTopology withAllTables() {
        return new HistoryTopology(synchronousCommit, guarded, true);
    }

    static Link link(String publisher, String subscriber) {
        return LINKS.stream()
                .filter(link ->
                        link.publisher().equals(publisher) && link.subscriber().equals(subscriber))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(subscriber + " does not follow " + publisher));
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
        return builder.node("vm1", node -> writes(node, Source.N1))
                .node("vm2", node -> writes(node, Source.N2))
                .node("vm3", node -> copies(node, "vm3", Source.values()))
                .build();
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
