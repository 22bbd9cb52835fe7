/** A topology on servers that ran before: what of it stands, what is made, and what is taken back. */
@NullMarked
package org.pgminicluster.attach;

import org.jspecify.annotations.NullMarked;
