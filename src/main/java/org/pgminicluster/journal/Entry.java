package org.pgminicluster.journal;

import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/**
 * An event, numbered and timed.
 *
 * @param seq its number, from 1
 * @param millis since the journal was opened
 * @param node where it happened, or null if it was the whole cluster
 * @param event what happened
 */
@API(status = API.Status.MAINTAINED)
public record Entry(long seq, double millis, @Nullable String node, Event event) {}
