package org.pgminicluster.report;

import org.jspecify.annotations.Nullable;

/**
 * How a test ended, where somebody else than the journal says so.
 *
 * @param outcome {@code passed}, {@code failed}, {@code skipped} or {@code aborted}
 */
record TestOutcome(String title, String outcome, @Nullable String reason, String repeat) {}
