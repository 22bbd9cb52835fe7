package org.pgminicluster.lab;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.pgminicluster.cluster.MiniCluster;
import org.pgminicluster.lab.lesson.Problem;
import org.pgminicluster.server.ServerKind;
import org.pgminicluster.server.ServerSettings;
import org.pgminicluster.topology.Topology;

/** What docs/problems.md says is typed on servers that were never a cluster, from its first line to its last. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Order(1)
@Execution(ExecutionMode.CONCURRENT)
class ProblemsByHandIT {

    private static final int MAJOR_OF_THE_PAGE = 13;

    private Path directory = Path.of("none");
    private Path programs = Path.of("none");

    /** Those whose acts, sessions and waits differ most; each night all of them. */
    private static final List<String> SOME = List.of(
            "pg-hba", "in-transaction", "create-hangs", "orphan-slot", "guarded-failover", "vm4-start-and-read");

    static List<String> wanted() {
        return Boolean.getBoolean("minicluster.pages.all")
                        || !System.getProperty("minicluster.problems", "").isEmpty()
                ? ProblemsIT.wanted()
                : SOME;
    }

    @BeforeAll
    void initialize(@TempDir Path home) throws IOException {
        directory = home;
        OptionalInt major = ServerSettings.fromSystemProperties().major();
        assumeTrue(major.orElse(0) == MAJOR_OF_THE_PAGE, "the page is about PostgreSQL " + MAJOR_OF_THE_PAGE);
        Topology one = Topology.named("any server").node("any", node -> {}).build();
        try (MiniCluster cluster = MiniCluster.of(one).name("by-hand").bare().start()) {
            assumeTrue(cluster.servers() == ServerKind.PROCESS, "it is about shells and files, not about an engine's");
            Path data = Path.of(String.valueOf(cluster.node("any")
                    .query("SELECT current_setting('data_directory')")
                    .value()));
            String started = Files.readString(data.resolve("postmaster.opts"));
            programs = Path.of(started.split(" ")[0].replace("\"", "")).resolveSibling(".");
        }
        BareServers.initialize(programs, directory);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("wanted")
    void a_page_can_be_typed(String id) throws IOException {
        Problem problem = Lab.problem(id).orElseThrow();

        try (BareServers servers = BareServers.start(programs, directory, directory.resolve(id), problem.topology());
                PageTypist typist = new PageTypist(servers)) {
            typist.type(ProblemsPageTest.section(id));
        }
    }
}
