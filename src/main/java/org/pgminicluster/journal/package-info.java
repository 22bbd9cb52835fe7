/**
 * What happened, in order, as facts: statements and their results, faults, waits, observations. Words are made by whoever
 * reads.
 */
@NullMarked
package org.pgminicluster.journal;

import org.jspecify.annotations.NullMarked;
