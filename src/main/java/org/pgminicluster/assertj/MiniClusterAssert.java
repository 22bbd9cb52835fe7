package org.pgminicluster.assertj;

import org.apiguardian.api.API;
import org.assertj.core.api.AbstractAssert;
import org.pgminicluster.cluster.MiniCluster;

/** Assertions about a whole cluster. */
@API(status = API.Status.MAINTAINED)
public final class MiniClusterAssert extends AbstractAssert<MiniClusterAssert, MiniCluster> {

    MiniClusterAssert(MiniCluster actual) {
        super(actual, MiniClusterAssert.class);
    }

    /** A table, to be looked at on several nodes. */
    public ClusterTableAssert table(String table) {
        isNotNull();
        return StateAssert.inherit(this, new ClusterTableAssert(actual, table));
    }
}
