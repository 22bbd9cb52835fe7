package org.pgminicluster.history;

import java.util.function.Consumer;
import org.pgminicluster.cluster.MiniCluster;

/**
 * What somebody does to a cluster to see it found.
 *
 * @param after when the first writer has come to that transaction
 * @param act what
 */
record Sabotage(int after, Consumer<MiniCluster> act) {}
