package org.pgminicluster;

import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/** This machine cannot do what was asked (no engine, no image, no disk); nothing is wrong with the topology. */
@API(status = API.Status.MAINTAINED)
public final class EnvironmentException extends MiniClusterException {

    private static final long serialVersionUID = 1L;

    public EnvironmentException(String message) {
        super(message);
    }

    public EnvironmentException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
