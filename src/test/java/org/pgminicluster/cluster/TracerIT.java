package org.pgminicluster.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.pgminicluster.fault.Fault;
import org.pgminicluster.journal.Entry;
import org.pgminicluster.journal.Event;
import org.pgminicluster.journal.JournalReader;
import org.pgminicluster.journal.Trace;
import org.pgminicluster.junit.RequiresStandbys;
import org.pgminicluster.state.Lsn;
import org.pgminicluster.topology.HomeworkTopology;
import org.pgminicluster.wait.Seen;

/** What a traced cluster records for pictures, on real servers, and that an ordinary one does not. */
@RequiresStandbys
class TracerIT {

    @Test
    void a_commit_is_followed_to_subscribers_and_standbys_and_a_dead_node_is_missed() {
        Path journal;
        try (MiniCluster cluster = MiniCluster.of(HomeworkTopology.withStandby())
                .name("TracerIT")
                .traced()
                .start()) {
            journal = cluster.directory().resolve("journal.jsonl");
            cluster.awaitReplicated();
            Node vm1 = cluster.node("vm1");

            cluster.step("A row", "It goes to all.");
            vm1.execute("INSERT INTO test VALUES (1, 'one')");
            awaitArrivals(cluster, 0, "vm2", "vm3", "vm4");
            cluster.step("vm2 dies", "Its slot keeps what it misses.");
            try (Fault ignored = cluster.faults().kill(cluster.node("vm2"))) {
                awaitProbe(cluster, "vm2", "down");
                vm1.execute("BEGIN; INSERT INTO test VALUES (2, 'two'); UPDATE test SET name = 'x'; COMMIT");
                awaitArrivals(cluster, 1, "vm3", "vm4");
                assertThat(arrivals(cluster, 1)).doesNotContain("vm2");
            }
            awaitArrivals(cluster, 1, "vm2", "vm3", "vm4");
        }

        List<Entry> entries = JournalReader.read(journal).entries();
        assertThat(entries.stream().map(Entry::event))
                .anyMatch(event ->
                        event instanceof Trace.LogLine line && line.text().contains("logical replication apply worker"))
                .anyMatch(event ->
                        event instanceof Trace.Probe probe && probe.state().equals("standby"))
                .anyMatch(event -> event instanceof Trace.Probe probe
                        && probe.slots().stream().anyMatch(slot -> slot.physical() && slot.active()))
                .anyMatch(event -> event instanceof Trace.Layout layout
                        && layout.arrows().stream().anyMatch(Trace.Arrow::physical));
        assertThat(Thread.getAllStackTraces().keySet())
                .extracting(Thread::getName)
                .noneMatch(name -> name.startsWith("pg-minicluster trace TracerIT "));
    }

    @Test
    void what_a_promoted_standby_never_gets_does_not_arrive_there() {
        try (MiniCluster cluster = MiniCluster.of(HomeworkTopology.withStandby())
                .name("TracerIT-failover")
                .traced()
                .start()) {
            cluster.awaitReplicated();
            Node vm1 = cluster.node("vm1");
            Node vm3 = cluster.node("vm3");
            vm1.execute("INSERT INTO test VALUES (1, 'before')");
            awaitArrivals(cluster, 0, "vm2", "vm3", "vm4");
            try (Fault ignored = cluster.faults().cut(vm3, cluster.node("vm4"))) {
                vm1.execute("INSERT INTO test VALUES (2, 'only on vm3')");
                awaitArrivals(cluster, 1, "vm2", "vm3");
                // Seen so, and not only so: afterwards nobody could tell who was fed when the slot passed the row.
                awaitConfirmed(cluster, vm1, "vm3_test_sub");
                vm3.kill();
                awaitProbe(cluster, "vm3", "down");
                cluster.failOver("vm3", "vm4");
            }
            vm1.execute("INSERT INTO test VALUES (3, 'after')");
            awaitArrivals(cluster, 2, "vm2", "vm4");

            assertThat(arrivals(cluster, 1)).containsExactlyInAnyOrder("vm2", "vm3");
        }
    }

    @Test
    void a_node_whose_log_cannot_be_read_is_watched_all_the_same() throws IOException {
        try (MiniCluster cluster =
                MiniCluster.of(SmallTopologies.oneWay()).traced().start()) {
            cluster.awaitSynced();
            Path log = cluster.node("vm2").log().file();
            Files.delete(log);
            Files.createDirectory(log);

            cluster.node("vm1").execute("INSERT INTO test VALUES (1, 'one')");

            awaitArrivals(cluster, 0, "vm2");
        }
    }

    private static void awaitArrivals(MiniCluster cluster, int commit, String... nodes) {
        cluster.await("commit " + commit + " to arrive at " + List.of(nodes), () -> {
            List<String> found = arrivals(cluster, commit);
            return Seen.of(found.containsAll(List.of(nodes)), found.toString());
        });
    }

    /** Where the commit of that number was seen to arrive. */
    private static List<String> arrivals(MiniCluster cluster, int commit) {
        List<Trace.Commit> commits = cluster.journal().entries().stream()
                .map(Entry::event)
                .filter(Trace.Commit.class::isInstance)
                .map(Trace.Commit.class::cast)
                .toList();
        return cluster.journal().entries().stream()
                .filter(entry -> entry.event() instanceof Trace.Arrival arrival
                        && arrival.lsn().equals(commits.get(commit).lsn()))
                .map(entry -> String.valueOf(entry.node()))
                .toList();
    }

    private static void awaitProbe(MiniCluster cluster, String node, String state) {
        cluster.await(node + " to be seen " + state, () -> {
            List<String> seen = cluster.journal().entries().stream()
                    .filter(entry -> node.equals(entry.node()) && entry.event() instanceof Trace.Probe)
                    .map(entry -> ((Trace.Probe) entry.event()).state())
                    .toList();
            return Seen.of(!seen.isEmpty() && seen.get(seen.size() - 1).equals(state), seen.toString());
        });
    }

    private static void awaitConfirmed(MiniCluster cluster, Node publisher, String slot) {
        Lsn all = publisher.currentLsn();
        cluster.await("slot " + slot + " to be seen past " + all, () -> {
            List<String> confirmed = cluster.journal().entries().stream()
                    .filter(entry -> publisher.name().equals(entry.node()))
                    .flatMap(entry -> entry.event() instanceof Trace.Probe probe
                            ? probe.logicalSlot(slot).map(Trace.Slot::confirmed).stream()
                            : Stream.<String>of())
                    .toList();
            return Seen.of(
                    confirmed.stream().anyMatch(lsn -> Lsn.parse(lsn).compareTo(all) >= 0), confirmed.toString());
        });
    }

    @Test
    void a_cluster_that_is_not_traced_records_its_layout_and_no_sample() {
        try (MiniCluster cluster = MiniCluster.of(SmallTopologies.oneWay()).start()) {
            cluster.nodes().get(0).execute("CREATE TABLE t (id integer)");

            assertThat(cluster.journal().entries().stream().map(Entry::event).filter(Trace.class::isInstance))
                    .hasSize(1)
                    .hasOnlyElementsOfType(Trace.Layout.class);
            assertThat(cluster.journal().entries().stream().map(Entry::event)).anyMatch(Event.Sql.class::isInstance);
        }
    }
}
