package org.pgminicluster.junit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pgminicluster.cluster.MiniCluster;
import org.pgminicluster.cluster.Node;
import org.pgminicluster.topology.Topology;

/** The version and the kind of servers in the results are those of the cluster that a test got. */
class ScenarioListenerIT {

    @Test
    void the_result_tells_of_the_cluster_that_the_test_got(@TempDir Path directory) throws IOException {
        ScenarioRun.of(Sample.class, directory, "one");

        List<Map<String, Object>> scenarios = ScenarioRun.scenariosIn(directory);
        assertThat(scenarios).singleElement().satisfies(scenario -> {
            // The sample tells what it sees by failing with it.
            String seen = scenario.get("postgres") + " in " + scenario.get("servers");
            assertThat(scenario).containsEntry("reason", IllegalStateException.class.getName() + ": " + seen);
            assertThat(Path.of(String.valueOf(scenario.get("logs"))).resolve("only.log"))
                    .isNotEmptyFile();
        });
    }

    @MiniClusterTest
    static class Sample {

        static Topology one() {
            return Topology.named("one").node("only").build();
        }

        @Test
        @TopologyFrom("one")
        void runs(MiniCluster cluster, Node only) {
            String version = only.query("SHOW server_version").value() + "";
            throw new IllegalStateException(version.split(" ")[0] + " in " + cluster.servers());
        }
    }
}
