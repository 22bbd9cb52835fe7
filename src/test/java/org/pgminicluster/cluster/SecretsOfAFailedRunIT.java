package org.pgminicluster.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.model.Container;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.testkit.engine.EngineExecutionResults;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.pgminicluster.backup.Dump;
import org.pgminicluster.junit.MiniClusterTest;
import org.pgminicluster.junit.RequiresProgram;
import org.pgminicluster.junit.RequiresStandbys;
import org.pgminicluster.junit.TopologyFrom;
import org.pgminicluster.server.ServerKind;
import org.pgminicluster.server.ServerLog;
import org.pgminicluster.session.Session;
import org.pgminicluster.topology.Topology;
import org.testcontainers.DockerClientFactory;

/** A run with a standby, a failover and a failure leaves much to read, and the passwords are in none of it. */
@RequiresStandbys
class SecretsOfAFailedRunIT {

    /** Told like anything else, so it must be found wherever a password could be. */
    private static final String TOLD = "no-password-but-told";

    private static final Map<String, String> READABLE = new ConcurrentHashMap<>();
    private static final Set<String> PASSWORDS = ConcurrentHashMap.newKeySet();

    static Topology talkative() {
        return Topology.named("talkative with a standby")
                .schema(SmallTopologies.TABLE)
                .setting("log_statement", "all")
                .setting("log_min_messages", "debug1")
                .setting("log_min_error_statement", "debug1")
                .setting("log_connections", "on")
                .node("vm1", n -> n.publishes("test_pub", "test"))
                .node("vm3", n -> n.subscribes("vm3_test_sub", "vm1", "test_pub"))
                .standby("vm4")
                .guarded()
                .of("vm3")
                .build();
    }

    @Test
    void passwords_are_in_nothing_that_a_failed_run_shows_or_leaves() {
        READABLE.clear();
        PASSWORDS.clear();

        EngineExecutionResults results = EngineTestKit.engine("junit-jupiter")
                .selectors(selectClass(FailsAfterFailover.class))
                .execute();

        READABLE.put("the exceptions", thrown(results));
        READABLE.put("what was reported", results.allEvents().list().toString());
        assertThat(READABLE.get("the exceptions")).contains("on purpose", "the cluster when the test failed");
        assertThat(PASSWORDS).hasSize(5).allMatch(password -> password.length() >= 20);
        assertThat(toldIn()).contains("vm1.log", "journal.jsonl", "the exceptions");
        assertThat(READABLE).containsKeys("command lines", "vm3.log", "vm4.log", "an exception", "the containers");
        READABLE.forEach((what, text) -> assertClean(what, text));
    }

    @MiniClusterTest
    static class FailsAfterFailover {
        @Test
        @TopologyFrom("org.pgminicluster.cluster.SecretsOfAFailedRunIT#talkative")
        void test(MiniCluster cluster, Node vm1, Node vm3, Node vm4) throws IOException {
            collectPasswords(cluster, "replicator_vm3", "replicator_vm4", "standby_vm3", "standby_vm4");
            vm1.execute("INSERT INTO test VALUES (1, 'before')");
            cluster.awaitReplicated();
            vm3.kill();
            cluster.failOver("vm3", "vm4");
            READABLE.put(
                    "an exception",
                    stackTrace(vm4.attempt("CREATE SUBSCRIPTION again CONNECTION '" + vm4.conninfoTo(vm1, "again")
                                    + "' PUBLICATION test_pub WITH (slot_name = 'failover_vm4_vm3_test_sub')")
                            .orElseThrow()));
            READABLE.put("the snapshot", cluster.snapshot().toString());
            READABLE.put("command lines", processes("cmdline"));
            READABLE.put("environments", processes("environ"));
            READABLE.put("the containers", containers(cluster));
            ServerLog.Mark mark = vm1.log().mark();
            vm1.query("SELECT '" + TOLD + "'");
            cluster.awaitLog(vm1, mark, TOLD);
            for (Path file : files(cluster.directory())) {
                READABLE.put(file.getFileName().toString(), Files.readString(file, StandardCharsets.ISO_8859_1));
            }
            fail("on purpose");
        }
    }

    @MiniClusterTest
    static class WhileAProgramRuns {
        @Test
        @TopologyFrom("org.pgminicluster.cluster.SecretsOfAFailedRunIT#talkative")
        void test(MiniCluster cluster, Node vm1) throws Exception {
            collectPasswords(cluster, "replicator_vm3");
            CompletableFuture<Dump> dump;
            try (Session session = vm1.session()) {
                session.execute("BEGIN; LOCK TABLE test IN ACCESS EXCLUSIVE MODE");
                dump = CompletableFuture.supplyAsync(() -> cluster.backups().dump(vm1, Dump.Format.PLAIN));
                cluster.awaitValue(
                        vm1,
                        "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'pg_dump'"
                                + " AND wait_event_type = 'Lock'",
                        1);
                READABLE.put("command lines", processes("cmdline"));
                READABLE.put("environments", processes("environ"));
            }
            dump.join();
            READABLE.put("the journal", cluster.journal().entries().toString());
        }
    }

    @Test
    @RequiresProgram("pg_dump")
    void passwords_are_on_no_command_line_while_a_client_program_runs() {
        READABLE.clear();
        PASSWORDS.clear();

        EngineExecutionResults results = EngineTestKit.engine("junit-jupiter")
                .selectors(selectClass(WhileAProgramRuns.class))
                .execute();

        assertThat(thrown(results)).isEmpty();
        assertThat(READABLE.get("command lines")).contains("pg_dump", "--format=plain");
        READABLE.forEach((what, text) -> assertClean(what, text));
    }

    private static void collectPasswords(MiniCluster cluster, String... roles) {
        PASSWORDS.add(cluster.superuser().password());
        for (String role : roles) {
            PASSWORDS.add(
                    String.valueOf(cluster.runtime().replicationPasswords().get(role)));
        }
        assertThat(PASSWORDS).doesNotContain("null");
    }

    private static Set<String> toldIn() {
        return READABLE.entrySet().stream()
                .filter(entry -> entry.getValue().contains(TOLD))
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
    }

    private static void assertClean(String what, String text) {
        // Not by AssertJ's own words: they would show the password and all of the text.
        assertThat(PASSWORDS.stream().anyMatch(text::contains))
                .as("a password is in " + what)
                .isFalse();
    }

    private static String thrown(EngineExecutionResults results) {
        return results.allEvents().failed().stream()
                .map(event -> stackTrace(event.getRequiredPayload(TestExecutionResult.class)
                        .getThrowable()
                        .orElseThrow()))
                .collect(Collectors.joining());
    }

    private static String stackTrace(Throwable thrown) {
        StringWriter text = new StringWriter();
        thrown.printStackTrace(new PrintWriter(text));
        return text.toString();
    }

    /** What every process shows in that file to those who may read it. */
    private static String processes(String file) throws IOException {
        StringBuilder all = new StringBuilder();
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            for (Path process : processes) {
                try {
                    all.append(Files.readString(process.resolve(file), StandardCharsets.ISO_8859_1))
                            .append('\n');
                } catch (IOException e) {
                    // It has ended, or is somebody else's.
                }
            }
        }
        return all.toString();
    }

    /** All that the engine tells of the containers, such as their environments; nothing if there are none. */
    private static String containers(MiniCluster cluster) {
        if (cluster.servers() != ServerKind.CONTAINER) {
            return "";
        }
        DockerClient client = DockerClientFactory.lazyClient();
        StringBuilder all = new StringBuilder();
        List<Container> containers = client.listContainersCmd()
                .withLabelFilter(Set.of("org.pgminicluster"))
                .exec();
        assertThat(containers).hasSizeGreaterThanOrEqualTo(2);
        for (Container container : containers) {
            try {
                all.append(client.inspectContainerCmd(container.getId()).exec());
            } catch (NotFoundException e) {
                // Another test's, and gone.
            }
        }
        assertThat(all.toString()).contains("env=[", "PGDATA=");
        return all.toString();
    }

    private static List<Path> files(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(Files::isRegularFile).toList();
        }
    }
}
