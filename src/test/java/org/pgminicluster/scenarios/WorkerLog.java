package org.pgminicluster.scenarios;

import org.pgminicluster.cluster.Node;

/** What a replication worker, or another process of a server, writes into the server's log. */
final class WorkerLog {

    private WorkerLog() {}

    /** An error of a replication worker, as the log has it. */
    static String error(Node node, String message) {
        return line(node, "worker", "ERROR:  " + message);
    }

    /** From 13 on with who wrote it: before, no line of a log says what kind of process it comes from. */
    static String line(Node node, String process, String text) {
        return node.version().isAtLeast(13) ? process + " " + text : text;
    }
}
