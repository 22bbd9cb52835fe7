/** Internal: what pictures of a run need beyond the journal. */
@NullMarked
package org.pgminicluster.trace;

import org.jspecify.annotations.NullMarked;
