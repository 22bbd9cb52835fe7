package org.pgminicluster.cli;

import org.pgminicluster.EnvironmentException;
import org.pgminicluster.wait.WaitFailedException;

/** The exit codes of all commands. */
final class Exit {

    /** All is as expected. */
    static final int OK = 0;
    /** A check failed, or a server refused. */
    static final int FAILED = 1;
    /** It cannot be told: no cluster, nothing to run servers with, or a wait that ran out. */
    static final int INCONCLUSIVE = 2;
    /** The command line itself is wrong; the number is that of {@code EX_USAGE}. */
    static final int USAGE = 64;

    private Exit() {}

    /** Of two runs: that a check failed is certain, that it cannot be told is not. */
    static int worse(int one, int other) {
        return one == FAILED || other == FAILED ? FAILED : Math.max(one, other);
    }

    static int of(Throwable failure) {
        if (failure instanceof CommandException command) {
            return command.exit();
        }
        return failure instanceof EnvironmentException || failure instanceof WaitFailedException
                ? INCONCLUSIVE
                : FAILED;
    }
}
