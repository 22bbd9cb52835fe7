/** The command line: starts a cluster that stays, and looks at it, breaks it and ends it by other commands. */
@NullMarked
package org.pgminicluster.cli;

import org.jspecify.annotations.NullMarked;
