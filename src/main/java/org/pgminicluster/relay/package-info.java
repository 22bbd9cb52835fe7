/** A TCP relay in this JVM that makes a connection slow. It knows nothing of PostgreSQL. */
@NullMarked
package org.pgminicluster.relay;

import org.jspecify.annotations.NullMarked;
