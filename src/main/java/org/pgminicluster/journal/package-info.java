/** What happened, in order: statements and their results, faults, waits, observations. */
@NullMarked
package org.pgminicluster.journal;

import org.jspecify.annotations.NullMarked;
