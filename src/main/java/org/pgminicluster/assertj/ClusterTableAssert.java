package org.pgminicluster.assertj;

import java.time.Duration;
import java.util.List;
import org.assertj.core.api.AbstractAssert;
import org.pgminicluster.cluster.MiniCluster;

/** Assertions about one table on several nodes. */
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

    /** One node is always equal to itself, and so would show nothing. */
    private static String[] atLeastTwo(String... nodes) {
        if (List.of(nodes).stream().distinct().count() < 2) {
            throw new IllegalArgumentException("expected the nodes to be compared to be two or more, but was "
                    + List.of(nodes) + "; name the others, or look at one with assertThat(node)");
        }
        return nodes;
    }
}
