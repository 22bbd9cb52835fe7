/** Servers as local processes of real PostgreSQL binaries. */
@NullMarked
package org.pgminicluster.server.process;

import org.jspecify.annotations.NullMarked;
