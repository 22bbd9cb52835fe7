/** The homework told step by step on real servers. */
@NullMarked
package org.pgminicluster.lab;

import org.jspecify.annotations.NullMarked;
