/** What the catalogs and views of a node say, read once and typed: slots, subscriptions, tables, positions. */
@NullMarked
package org.pgminicluster.state;

import org.jspecify.annotations.NullMarked;
