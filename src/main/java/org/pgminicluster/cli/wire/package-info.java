/** The messages between a client and a server, for who wants an answer while it comes. */
@NullMarked
package org.pgminicluster.cli.wire;

import org.jspecify.annotations.NullMarked;
