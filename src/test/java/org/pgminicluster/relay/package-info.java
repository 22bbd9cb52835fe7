/** Tests of the relay, against an echo in this JVM. */
@NullMarked
package org.pgminicluster.relay;

import org.jspecify.annotations.NullMarked;
