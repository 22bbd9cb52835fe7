/**
 * A physical standby and what it is for: each test is one claim about a subscriber, or a publisher, that is lost and
 * replaced by its standby, shown by the rows that are there afterwards.
 */
@NullMarked
package org.pgminicluster.scenarios.ha;

import org.jspecify.annotations.NullMarked;
