package org.pgminicluster.assertj;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.apiguardian.api.API;
import org.assertj.core.api.AbstractAssert;
import org.pgminicluster.cluster.MiniCluster;
import org.pgminicluster.cluster.Node;

/** Assertions about one table on several nodes. */
@API(status = API.Status.MAINTAINED)
public final class ClusterTableAssert extends AbstractAssert<ClusterTableAssert, MiniCluster> {

    private final String table;
    private Duration patience = Duration.ofSeconds(30);

    ClusterTableAssert(MiniCluster actual, String table) {
        super(actual, ClusterTableAssert.class);
        this.table = table;
    }

    /** How long {@link #convergesOn} may take, scaled; 30 seconds unless said otherwise. */
    public ClusterTableAssert within(Duration atMost) {
        patience = atMost;
        return this;
    }

    /**
     * Waits until what is committed now has been applied between these nodes and the table has the same rows on all of
     * them; fails with the rows that differ and the evidence if that does not come.
     */
    public ClusterTableAssert convergesOn(String... nodes) {
        isNotNull();
        StateAssert.awaited(this, () -> actual.awaitReplicatedAndConverged(table, patience, atLeastTwo(nodes)));
        return this;
    }

    /** The same of nodes, each seen through a database of its own: {@code node.in("other")}. */
    public ClusterTableAssert convergesOn(Node... nodes) {
        isNotNull();
        StateAssert.awaited(this, () -> actual.awaitReplicatedAndConverged(table, patience, atLeastTwo(nodes)));
        return this;
    }

    /** The table has the same rows on these nodes now; nothing is waited for. */
    public ClusterTableAssert hasEqualRowsOn(String... nodes) {
        isNotNull();
        actual.currentDifference(table, atLeastTwo(nodes)).ifPresent(difference -> {
            throw failure(
                    "%s",
                    "expected table " + table + " to have equal rows on " + String.join(", ", nodes) + "\nbut "
                            + difference);
        });
        return this;
    }

    /** The same of nodes, each seen through a database of its own. */
    public ClusterTableAssert hasEqualRowsOn(Node... nodes) {
        isNotNull();
        String names = Arrays.stream(nodes)
                .map(node -> node.name() + " (" + node.database() + ")")
                .collect(Collectors.joining(", "));
        actual.currentDifference(table, atLeastTwo(nodes)).ifPresent(difference -> {
            throw failure("%s", "expected table " + table + " to have equal rows on " + names + "\nbut " + difference);
        });
        return this;
    }

    /** One node is always equal to itself, and so would show nothing. */
    private static <T> T[] atLeastTwo(T[] nodes) {
        if (List.of(nodes).stream().distinct().count() < 2) {
            throw new IllegalArgumentException("expected the nodes to be compared to be two or more, but was "
                    + List.of(nodes) + "; name the others, or look at one with assertThat(node)");
        }
        return nodes;
    }
}
