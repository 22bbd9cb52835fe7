/** PostgreSQL's replication behaviour as running code: each test is one claim, on servers of its own. */
@NullMarked
package org.pgminicluster.scenarios.backup;

import org.jspecify.annotations.NullMarked;
