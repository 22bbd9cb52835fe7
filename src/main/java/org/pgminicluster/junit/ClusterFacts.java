package org.pgminicluster.junit;

import java.util.Map;
import org.pgminicluster.cluster.MiniCluster;

/** What is published about the cluster that a test got, as a report entry of that test. */
final class ClusterFacts {

    /** The version that its servers reported. */
    static final String POSTGRES = "minicluster.postgres";
    /** What its servers ran in. */
    static final String SERVERS = "minicluster.servers";
    /** Where its logs are. */
    static final String LOGS = "minicluster.logs";

    private ClusterFacts() {}

    static Map<String, String> of(MiniCluster cluster) {
        return Map.of(
                POSTGRES, cluster.versions(),
                SERVERS, cluster.servers().toString(),
                LOGS, cluster.directory().toString());
    }
}
