/** Tests of the running cluster: its faults, waits and acts. */
@NullMarked
package org.pgminicluster.trace;

import org.jspecify.annotations.NullMarked;
