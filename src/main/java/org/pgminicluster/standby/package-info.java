/** Physical standbys: who follows whom, who takes over from whom, and how the old primary comes back. */
@NullMarked
package org.pgminicluster.standby;

import org.jspecify.annotations.NullMarked;
