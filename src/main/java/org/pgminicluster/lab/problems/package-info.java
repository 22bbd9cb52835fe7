/** The problems that people meet, one class each. */
@NullMarked
package org.pgminicluster.lab.problems;

import org.jspecify.annotations.NullMarked;
