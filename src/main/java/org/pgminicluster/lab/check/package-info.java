/** Looks at servers that somebody else has set up, and judges the homework on them point by point. */
@NullMarked
package org.pgminicluster.lab.check;

import org.jspecify.annotations.NullMarked;
