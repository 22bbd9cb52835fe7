/** Tests of the running cluster: its faults, waits and acts. */
@NullMarked
package org.pgminicluster.fault;

import org.jspecify.annotations.NullMarked;
