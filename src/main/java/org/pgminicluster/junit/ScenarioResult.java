package org.pgminicluster.junit;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * How one scenario ended.
 *
 * @param id JUnit's unique id
 * @param scenario {@code class#method}, or only the class if it was the class that failed
 * @param reason why it did not pass
 * @param place the test's own line where it failed, as a stack trace names it; null if it passed or that is not known
 * @param postgres the version that the servers reported; null if none was started
 * @param servers what they ran in; null if none was started
 * @param logs where their logs are; null if none was started
 * @param milliseconds from the test's start, which starts its servers, to its end, which closes them
 * @param behaviours the ids of {@link Behaviour}, the method's before the class's
 */
record ScenarioResult(
        String id,
        String scenario,
        String displayName,
        Outcome outcome,
        @Nullable String reason,
        @Nullable String place,
        @Nullable String postgres,
        @Nullable String servers,
        @Nullable String logs,
        long milliseconds,
        List<String> behaviours) {

    enum Outcome {
        PASSED,
        FAILED,
        SKIPPED,
        ABORTED;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
