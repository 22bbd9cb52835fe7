/** Tests of the running cluster: its faults, waits and acts. */
@NullMarked
package org.pgminicluster.runtime;

import org.jspecify.annotations.NullMarked;
