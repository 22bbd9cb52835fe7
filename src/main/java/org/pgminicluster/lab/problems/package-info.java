/** The problems that people meet, by themes; each is a method with its story. */
@NullMarked
package org.pgminicluster.lab.problems;

import org.jspecify.annotations.NullMarked;
