/**
 * PostgreSQL servers from start to close, whatever they run in: what a server is ({@link
 * org.pgminicluster.server.PgServer}) and what its two providers, containers and processes, share.
 */
@NullMarked
package org.pgminicluster.server;

import org.jspecify.annotations.NullMarked;
