/** Dumps, base backups and what is restored from them. */
@NullMarked
package org.pgminicluster.backup;

import org.jspecify.annotations.NullMarked;
