package org.pgminicluster.server.container;

import org.jspecify.annotations.Nullable;
import org.pgminicluster.EnvironmentException;

/** Why containers cannot be had here, in one sentence, and what could be done about it. */
final class Unavailable extends Exception {

    private static final long serialVersionUID = 1L;
    private static final String PROCESSES = "take local processes instead with -Dminicluster.servers=process";

    private final String remedy;

    Unavailable(String reason, String remedy, @Nullable Throwable cause) {
        super(reason, cause);
        this.remedy = remedy;
    }

    /** The sentence alone. */
    String reason() {
        return String.valueOf(getMessage());
    }

    /** For somebody who asked for containers and nothing else. */
    EnvironmentException asFailure() {
        return new EnvironmentException(reason() + "; " + remedy + ", or " + PROCESSES, this);
    }
}
