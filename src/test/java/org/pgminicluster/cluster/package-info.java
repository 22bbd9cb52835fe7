/** Tests of the running cluster: its faults, waits and acts. */
@NullMarked
package org.pgminicluster.cluster;

import org.jspecify.annotations.NullMarked;
