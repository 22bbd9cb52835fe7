/**
 * A mini cluster of real PostgreSQL servers that replicate logically. The entry is
 * {@code org.pgminicluster.cluster.MiniCluster}; this package holds only what every other one may use.
 */
@NullMarked
package org.pgminicluster;

import org.jspecify.annotations.NullMarked;
