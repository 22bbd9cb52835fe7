/** What a cluster is: plain immutable data that can be printed, compared and checked without a server. */
@NullMarked
package org.pgminicluster.topology;

import org.jspecify.annotations.NullMarked;
