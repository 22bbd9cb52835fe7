package org.pgminicluster.cluster;

import org.pgminicluster.MiniClusterException;
import org.pgminicluster.journal.Event;
import org.pgminicluster.runtime.Member;
import org.pgminicluster.topology.Migration;

/** Lets the code of a topology's author make the schema of a node. */
final class MigrationRun {

    private MigrationRun() {}

    static void on(Member node, Migration migration) {
        String what = "the migration of " + node.name() + " for database \"" + node.database() + "\"";
        try {
            migration.migrate(node.dataSource());
        } catch (Exception e) {
            if (e instanceof InterruptedException) {
                Thread.currentThread().interrupt();
            }
            throw new MiniClusterException(
                    "expected " + what + " to succeed, but it failed with " + e
                            + "; the cause of this exception says where",
                    e);
        }
        node.runtime().journal().add(node.name(), new Event.Observation(what, "carried out"));
        // It may have altered what a database or a role begins a session with.
        node.disconnectIdle();
    }
}
