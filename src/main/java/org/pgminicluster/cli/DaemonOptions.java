package org.pgminicluster.cli;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What {@code up} or {@code practice} tells the daemon that it starts.
 *
 * @param topology what to start
 * @param lesson what to make ready for somebody to learn; null for nothing, or for the homework
 * @param command what was typed
 * @param language the code of the language that it is told in
 * @param quiet whether to leave out the statements that set it up
 * @param beganMillis when the command began, since the epoch
 * @param terminal where it is told how far it is
 */
record DaemonOptions(
        Topologies topology,
        @Nullable LessonWish lesson,
        String command,
        String language,
        boolean quiet,
        long beganMillis,
        Request terminal) {

    Instant began() {
        return Instant.ofEpochMilli(beganMillis);
    }
}
