package org.pgminicluster.cluster;

import org.jspecify.annotations.Nullable;

/** Does several things that must all be tried, and throws the first failure with the others suppressed in it. */
final class Closing {

    private @Nullable RuntimeException first;

    void attempt(Runnable action) {
        try {
            action.run();
        } catch (RuntimeException e) {
            if (first == null) {
                first = e;
            } else if (first != e) {
                first.addSuppressed(e);
            }
        }
    }

    void finish() {
        if (first != null) {
            throw first;
        }
    }
}
