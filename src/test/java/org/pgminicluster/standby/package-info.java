/** Tests of standbys: how one takes over. */
@NullMarked
package org.pgminicluster.standby;

import org.jspecify.annotations.NullMarked;
