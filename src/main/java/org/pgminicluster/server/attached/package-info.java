/** Servers that run already, wherever they are: they are looked at and talked to, and never started, stopped or set. */
@NullMarked
package org.pgminicluster.server.attached;

import org.jspecify.annotations.NullMarked;
