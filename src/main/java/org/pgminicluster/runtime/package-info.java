/** Internal: the nodes of a running cluster and the links between them, as all that is done with them takes them. */
@NullMarked
package org.pgminicluster.runtime;

import org.jspecify.annotations.NullMarked;
