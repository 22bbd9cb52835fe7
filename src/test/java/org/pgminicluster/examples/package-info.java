/** Real questions about logical replication, each answered by a test to copy and change. */
@NullMarked
package org.pgminicluster.examples;

import org.jspecify.annotations.NullMarked;
