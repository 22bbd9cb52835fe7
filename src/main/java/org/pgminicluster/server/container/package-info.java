/** Servers in containers, by Testcontainers. */
@NullMarked
package org.pgminicluster.server.container;

import org.jspecify.annotations.NullMarked;
