package org.pgminicluster;

import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/** The root of every exception that this library throws on its own account. The message says what to do. */
@API(status = API.Status.MAINTAINED)
public class MiniClusterException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public MiniClusterException(String message) {
        super(message);
    }

    public MiniClusterException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
