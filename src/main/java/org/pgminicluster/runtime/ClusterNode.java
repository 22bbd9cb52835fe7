package org.pgminicluster.runtime;

import org.apiguardian.api.API;

/** A node of a running cluster, as what is done to nodes takes it: {@code org.pgminicluster.cluster.Node} is one. */
@API(status = API.Status.MAINTAINED)
public interface ClusterNode {

    /** What this library does with it. */
    Member member();
}
