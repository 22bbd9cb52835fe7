package org.pgminicluster.cluster;

import org.pgminicluster.runtime.ClusterRuntime;

/** Servers that run already and are lent to one cluster after the other. */
interface LentServers {

    /** Whose they are. */
    ClusterRuntime host();

    /** @param withCopies whether what subscriptions copy is to be there already */
    ServerChoice choice(boolean withCopies);

    /** The cluster that has them now. */
    void guest(ClusterRuntime cluster);

    /** Makes the subscriptions of a cluster that was lent them with copies. */
    void subscribe(SetUp setUp);
}
