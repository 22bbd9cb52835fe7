/**
 * Random histories of any topology: a plan of writes and faults made from a seed, run on a cluster, recorded, and judged
 * afterwards by invariants. {@link org.pgminicluster.history.Histories} is where to begin. The generator, the injector and
 * the oracle share no code.
 */
@NullMarked
package org.pgminicluster.history;

import org.jspecify.annotations.NullMarked;
