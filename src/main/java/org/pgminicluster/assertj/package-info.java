/** Assertions about nodes and clusters. */
@NullMarked
package org.pgminicluster.assertj;

import org.jspecify.annotations.NullMarked;
