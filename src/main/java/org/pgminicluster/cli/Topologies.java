package org.pgminicluster.cli;

import org.pgminicluster.topology.HomeworkTopology;
import org.pgminicluster.topology.Topology;

/** What {@code up} can start. */
final class Topologies {

    private Topologies() {}

    static Topology homework(boolean standby) {
        if (standby) {
            throw CommandException.inconclusive("expected a standby to be known to this version, but was not yet");
        }
        return HomeworkTopology.create();
    }
}
