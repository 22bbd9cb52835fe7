package org.pgminicluster.topology;

import org.apiguardian.api.API;
import org.pgminicluster.MiniClusterException;

/** A topology that cannot work, found before any server starts. The message says what was expected and what to do. */
@API(status = API.Status.MAINTAINED)
public final class InvalidTopologyException extends MiniClusterException {

    private static final long serialVersionUID = 1L;

    public InvalidTopologyException(String message) {
        super(message);
    }

    /** In the one wording of all checks: {@code expected <what> to be <rule>, but was <value>; <what to do>}. */
    static InvalidTopologyException expected(String what, String rule, String found, String advice) {
        return new InvalidTopologyException("expected " + what + " to " + rule + ", but " + found + "; " + advice);
    }
}
