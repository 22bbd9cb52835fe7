/** Breaks something on purpose, proves it and puts it right. */
@NullMarked
package org.pgminicluster.fault;

import org.jspecify.annotations.NullMarked;
