package org.pgminicluster.runtime;

import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/** Does several things that must all be tried, and throws the first failure with the others suppressed in it. */
@API(status = API.Status.INTERNAL)
public final class Closing {

    private @Nullable RuntimeException first;

    public void attempt(Runnable action) {
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

    public void finish() {
        if (first != null) {
            throw first;
        }
    }
}
