@NullMarked
package org.pgminicluster.backup;

import org.jspecify.annotations.NullMarked;
