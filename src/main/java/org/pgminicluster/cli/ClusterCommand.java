package org.pgminicluster.cli;

/** A command that is carried out by the daemon, for whoever types it in another process. */
interface ClusterCommand {

    /** Does it, prints the answer, and returns the exit code. */
    int run(ClusterSession session, Terminal terminal) throws InterruptedException;
}
