package org.pgminicluster.journal;

import org.jspecify.annotations.Nullable;

/**
 * An event, numbered and timed.
 *
 * @param seq its number, from 1
 * @param millis since the journal was opened
 * @param node where it happened, or null if it was the whole cluster
 * @param event what happened
 */
public record Entry(long seq, double millis, @Nullable String node, Event event) {}
