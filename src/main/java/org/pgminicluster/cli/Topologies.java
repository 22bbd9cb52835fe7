package org.pgminicluster.cli;

import org.pgminicluster.topology.HomeworkTopology;
import org.pgminicluster.topology.Topology;

/** What {@code up} can start. */
enum Topologies {
    HOMEWORK {
        @Override
        Topology create() {
            return HomeworkTopology.create();
        }
    },
    STANDBY {
        @Override
        Topology create() {
            return HomeworkTopology.withStandby();
        }
    },
    GUARDED {
        @Override
        Topology create() {
            return HomeworkTopology.withGuardedStandby();
        }
    };

    abstract Topology create();
}
