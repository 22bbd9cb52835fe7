/** The benchmark; no test needs it. */
@NullMarked
package org.pgminicluster.speed;

import org.jspecify.annotations.NullMarked;
