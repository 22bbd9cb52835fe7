package org.pgminicluster.report;

import org.jspecify.annotations.Nullable;

/**
 * How a test ended, where somebody else than the journal says so.
 *
 * @param outcome {@code passed}, {@code failed}, {@code skipped} or {@code aborted}
 * @param place the test's own line where it failed, as a stack trace names it; null if that is not known
 */
record TestOutcome(
        String title,
        String outcome,
        @Nullable String reason,
        @Nullable String place,
        String repeat) {}
