/** A connection to one database of a node: statements, what they return, and what a server refuses. */
@NullMarked
package org.pgminicluster.session;

import org.jspecify.annotations.NullMarked;
