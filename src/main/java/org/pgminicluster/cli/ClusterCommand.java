package org.pgminicluster.cli;

import java.util.List;

/** A command that is carried out by the daemon, for whoever types it in another process. */
interface ClusterCommand {

    /** Does it, prints the answer, and returns the exit code. */
    int run(ClusterSession session, Terminal terminal) throws InterruptedException;

    /** What the daemon is sent so that it does what was typed. */
    default List<String> sent(List<String> typed) {
        return typed;
    }
}
