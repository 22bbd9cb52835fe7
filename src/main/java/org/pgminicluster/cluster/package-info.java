/** The running cluster: act on its nodes, await, look. */
@NullMarked
package org.pgminicluster.cluster;

import org.jspecify.annotations.NullMarked;
