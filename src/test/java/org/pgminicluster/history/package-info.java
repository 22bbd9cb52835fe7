/** Tests of random histories: first of the oracle and the other pure parts, then of what they say of real servers. */
@NullMarked
package org.pgminicluster.history;

import org.jspecify.annotations.NullMarked;
