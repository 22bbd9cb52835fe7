/** Tests of the reports. */
@NullMarked
package org.pgminicluster.report;

import org.jspecify.annotations.NullMarked;
