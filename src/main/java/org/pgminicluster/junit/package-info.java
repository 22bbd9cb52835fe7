/** The JUnit Jupiter extension that gives every test a cluster of its own. */
@NullMarked
package org.pgminicluster.junit;

import org.jspecify.annotations.NullMarked;
