package org.pgminicluster.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Files;
import java.util.List;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.pgminicluster.MiniClusterException;
import org.pgminicluster.journal.Entry;
import org.pgminicluster.journal.JournalReader;
import org.pgminicluster.journal.Trace;
import org.pgminicluster.script.Step;
import org.pgminicluster.server.ServerFailedException;
import org.pgminicluster.server.ServerSettings;
import org.pgminicluster.session.Session;
import org.pgminicluster.session.SqlFailedException;
import org.pgminicluster.topology.Topology;

/** A cluster that cannot be started says why, and leaves nothing behind but its logs. */
@Timeout(120)
class HalfStartIT {

    private static List<Entry> journal(String name) {
        return JournalReader.read(ServerSettings.fromSystemProperties()
                        .directory()
                        .resolve(name)
                        .resolve("journal.jsonl"))
                .entries();
    }

    @Test
    void a_server_that_refuses_its_settings() throws Exception {
        Topology topology = Topology.named("half")
                .node("vm1")
                .node("vm2", n -> n.setting("shared_buffers", "lots"))
                .build();

        MiniClusterException failure = failure("half-setting", topology);

        assertThat(failure)
                .isInstanceOf(ServerFailedException.class)
                .message()
                .startsWith(
                        "vm2 was expected to start, but exited; the end of its log says why\nlast lines of vm2.log:\n")
                .contains("invalid value for parameter \"shared_buffers\": \"lots\"");
        assertThat(Remains.of("half-setting")).isEmpty();
        assertThat(journal("half-setting").stream().map(Entry::event).filter(Trace.BrokenOff.class::isInstance))
                .containsExactly(
                        new Trace.BrokenOff("vm2 was expected to start, but exited; the end of its log says why"));
        assertThat(Files.readString(
                        ServerSettings.fromSystemProperties().directory().resolve("half-setting/vm2.log")))
                .contains("invalid value for parameter");
    }

    @Test
    void a_node_that_refuses_its_schema() {
        Topology topology = Topology.named("half")
                .schema(SmallTopologies.TABLE)
                .node("vm1")
                .node("vm2")
                .node("vm3", n -> n.schema("CREATE TABLE good (id int); CREATE TABEL bad (id int); SELECT 1"))
                .build();

        MiniClusterException failure = failure("half-schema", topology);

        assertThat(failure)
                .isInstanceOf(SqlFailedException.class)
                .hasMessage(
                        "vm3 refused \"CREATE TABEL bad (id int)\" (line 1 of the schema of vm3): ERROR: syntax error at or near \"TABEL\"\n"
                                + "  Position: 8");
        assertThat(journal("half-schema"))
                .extracting(Entry::event)
                .endsWith(
                        new Trace.BrokenOff(
                                "vm3 refused \"CREATE TABEL bad (id int)\" (line 1 of the schema of vm3): ERROR: syntax error at or near \"TABEL\""),
                        new Trace.Ended(journal("half-schema").size() - 1));
        assertThat(Remains.of("half-schema")).isEmpty();
    }

    @Test
    void a_subscription_whose_slot_exists_already() {
        Topology topology = Topology.named("half")
                .schema(SmallTopologies.TABLE)
                .node(
                        "vm1",
                        n -> n.schema("SELECT pg_create_logical_replication_slot('test_sub', 'pgoutput')")
                                .publishes("test_pub", "test"))
                .node("vm2", n -> n.subscribes("test_sub", "vm1", "test_pub"))
                .build();

        MiniClusterException failure = failure("half-slot", topology);

        assertThat(failure)
                .message()
                .startsWith("vm2 refused \"CREATE SUBSCRIPTION test_sub\n    CONNECTION '")
                .contains("ERROR: could not create replication slot \"test_sub\": ERROR:  replication slot"
                        + " \"test_sub\" already exists\n\n=== cluster half\n--- vm1: running at ")
                .contains("  replication slots\n");
        assertThat(Remains.of("half-slot")).isEmpty();
    }

    @Test
    void a_subscription_whose_publisher_was_killed() {
        try (MiniCluster cluster = MiniCluster.of(SmallTopologies.oneWay())
                .name("half-publisher")
                .bare()
                .start()) {
            cluster.script().steps().stream()
                    .filter(step -> step.phase() != Step.Phase.SUBSCRIBE)
                    .forEach(cluster::carryOut);
            cluster.node("vm1").kill();
            Step subscribe = cluster.script().phase(Step.Phase.SUBSCRIBE).get(0);

            MiniClusterException failure =
                    catchThrowableOfType(MiniClusterException.class, () -> cluster.carryOut(subscribe));

            assertThat(failure)
                    .message()
                    .startsWith("vm2 refused \"CREATE SUBSCRIPTION test_sub\n    CONNECTION '")
                    .contains("could not connect to the publisher: ")
                    .contains("\nnot running: vm1; start() it first, then try again\n\n=== cluster one-way\n"
                            + "--- vm1: not running\n")
                    .contains("\n--- vm2: running at ");
        }
        assertThat(Remains.of("half-publisher")).isEmpty();
    }

    @Test
    void a_subscription_that_waits_for_an_open_transaction_names_it() {
        try (MiniCluster cluster = MiniCluster.of(SmallTopologies.oneWay())
                .name("half-open")
                .settings(impatient())
                .bare()
                .start()) {
            cluster.script().steps().stream()
                    .filter(step -> step.phase() != Step.Phase.SUBSCRIBE)
                    .forEach(cluster::carryOut);
            try (Session open = cluster.node("vm1").session()) {
                open.execute("BEGIN");
                open.execute("INSERT INTO test VALUES (1, 'not committed')");

                MiniClusterException failure = catchThrowableOfType(
                        MiniClusterException.class,
                        () -> cluster.carryOut(
                                cluster.script().phase(Step.Phase.SUBSCRIBE).get(0)));

                assertThat(failure)
                        .message()
                        .contains("on vm1 making a slot waits for a transaction that is still open; end it, then try"
                                + " again:\n")
                        .contains("INSERT INTO test VALUES (1, 'not committed')")
                        .containsPattern("\\| +" + open.backendPid() + " \\| idle in transaction \\|");
            }
        }
    }

    @Test
    void an_interrupted_start() {
        Thread.currentThread().interrupt();

        MiniClusterException failure = failure("half-interrupted", SmallTopologies.oneWay());

        assertThat(Thread.interrupted()).isTrue();
        assertThat(failure).message().startsWith("interrupted ");
        assertThat(Remains.of("half-interrupted")).isEmpty();
    }

    /** Five seconds for a subscription instead of twenty. */
    private static ServerSettings impatient() {
        Properties properties = new Properties();
        properties.putAll(System.getProperties());
        properties.setProperty("minicluster.timeout.scale", "0.25");
        return ServerSettings.from(properties);
    }

    private static MiniClusterException failure(String name, Topology topology) {
        MiniClusterException failure = catchThrowableOfType(
                MiniClusterException.class,
                () -> MiniCluster.of(topology).name(name).start().close());
        assertThat(failure).as("the start of " + name).isNotNull();
        return failure;
    }
}
