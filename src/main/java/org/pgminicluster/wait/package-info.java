/** The one place that waits: for what comes, until its time is up, or until it cannot come any more. */
@NullMarked
package org.pgminicluster.wait;

import org.jspecify.annotations.NullMarked;
