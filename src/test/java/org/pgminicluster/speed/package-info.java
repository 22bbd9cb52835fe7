/** Measurements, run by hand. */
@NullMarked
package org.pgminicluster.speed;

import org.jspecify.annotations.NullMarked;
