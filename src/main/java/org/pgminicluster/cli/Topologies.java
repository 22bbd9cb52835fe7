package org.pgminicluster.cli;

import org.pgminicluster.cluster.MiniCluster;
import org.pgminicluster.cluster.Starter;
import org.pgminicluster.topology.HomeworkTopology;
import org.pgminicluster.topology.Topology;

/** What can be started to stay up. */
enum Topologies {
    HOMEWORK("up") {
        @Override
        Topology create() {
            return HomeworkTopology.create();
        }
    },
    STANDBY("up --standby") {
        @Override
        Topology create() {
            return HomeworkTopology.withStandby();
        }
    },
    GUARDED("up --guarded") {
        @Override
        Topology create() {
            return HomeworkTopology.withGuardedStandby();
        }
    },
    /** The homework's servers, on which nobody has done anything yet. */
    PRACTICE("practice") {
        @Override
        Topology create() {
            // The database that every installation has.
            return Topology.named("practice")
                    .database("postgres")
                    .node("vm1")
                    .node("vm2")
                    .node("vm3")
                    .node("vm4")
                    .build();
        }

        @Override
        Starter starter() {
            return MiniCluster.of(create()).asInstalled().traced();
        }
    };

    private final String command;

    Topologies(String command) {
        this.command = command;
    }

    abstract Topology create();

    Starter starter() {
        return MiniCluster.of(create()).unsynced().traced();
    }

    /** Whether there is more to it than its servers. */
    boolean isSetUp() {
        return this != PRACTICE;
    }

    /** What starts it, as it is typed. */
    String command() {
        return "minicluster " + command;
    }

    /** Whether one that is up is what was asked for; who asks for no standby takes one along. */
    boolean isMetBy(Topologies other) {
        return this == other || this == HOMEWORK && other.isSetUp();
    }
}
