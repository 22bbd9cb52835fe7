package org.pgminicluster.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StatusViewTest {

    private static final ClusterStatus.OfNode VM1 = new ClusterStatus.OfNode(
            "vm1", "running", "127.0.0.1:10001", "0/20336F0", List.of("test"), List.of("test2"), "");
    private static final ClusterStatus.OfNode VM2 =
            new ClusterStatus.OfNode("vm2", "down", null, null, List.of("test2"), List.of("test"), "");

    private static ClusterStatus.OfSubscription subscription(String node, String state, @Nullable Long behind) {
        return new ClusterStatus.OfSubscription(node, "a_sub", "vm1", List.of("test_pub"), "a_sub", state, behind);
    }

    private static ClusterStatus status(
            List<ClusterStatus.OfNode> nodes,
            List<ClusterStatus.OfSubscription> subscriptions,
            List<ClusterStatus.OfFault> faults) {
        return status(nodes, subscriptions, List.of(), faults);
    }

    private static ClusterStatus status(
            List<ClusterStatus.OfNode> nodes,
            List<ClusterStatus.OfSubscription> subscriptions,
            List<ClusterStatus.OfFailover> failovers,
            List<ClusterStatus.OfFault> faults) {
        return new ClusterStatus(
                "homework", "13.23", "process", "2026-01-01T00:00:00Z", nodes, subscriptions, failovers, faults);
    }

    private static String view(ClusterStatus status) {
        Terminal terminal = new Terminal(System.out, System.err, InputStream.nullInputStream(), false, false, 80);
        return String.join("\n", new StatusView(terminal).lines(status, Instant.parse("2026-01-01T00:05:00Z")));
    }

    @Test
    void all_well() {
        ClusterStatus status = status(List.of(VM1), List.of(subscription("vm1", "streaming", 56L)), List.of());

        assertThat(status.healthy()).isTrue();
        assertThat(view(status)).isEqualTo("""
                homework: PostgreSQL 13.23, process, up for 5 min

                Node  State    Address          LSN        Writes  Read-only copies
                vm1   running  127.0.0.1:10001  0/20336F0  test    test2

                Node  Subscription  From  Slot   Behind  State
                vm1   a_sub         vm1   a_sub  56 B    streaming

                Healthy. Every node answers, every subscription streams.""");
    }

    @Test
    void a_dead_node_is_named_and_does_not_hide_the_others() {
        ClusterStatus status = status(
                List.of(VM1, VM2),
                List.of(
                        subscription("vm2", "unknown", null),
                        subscription("vm1", "its slot is not in use", 1_000_000L)),
                List.of(new ClusterStatus.OfFault(
                        2,
                        "vm2 killed",
                        "no process of the server is left, and here is a longer proof that does not fit in")));

        assertThat(status.healthy()).isFalse();
        assertThat(view(status)).isEqualTo("""
                homework: PostgreSQL 13.23, process, up for 5 min

                Node  State    Address          LSN        Writes  Read-only copies
                vm1   running  127.0.0.1:10001  0/20336F0  test    test2
                vm2   down     -                -          test2   test

                Node  Subscription  From  Slot   Behind  State
                vm2   a_sub         vm1   a_sub  -       unknown
                vm1   a_sub         vm1   a_sub  977 kB  its slot is not in use

                Fault  What        Shown by
                2      vm2 killed  no process of the server is left, and here is a longer proof
                                   that does not fit in
                minicluster fault heal puts them right, the last one first.

                NOT healthy: vm2 is down; a_sub of vm1: its slot is not in use; a fault is open.""");
    }

    @Test
    void tables_are_folded_within_80_columns() {
        ClusterStatus.OfNode node = new ClusterStatus.OfNode(
                "warehouse",
                "running",
                "localhost:32768",
                "0/20336F0",
                List.of("item", "price", "order"),
                List.of("customer", "address"),
                "");
        ClusterStatus status = status(
                List.of(node, VM2),
                List.of(new ClusterStatus.OfSubscription(
                        "warehouse",
                        "vm3_test2_sub",
                        "vm1",
                        List.of("test_pub"),
                        "failover_vm4_vm3_test2_sub",
                        "copying customer, address",
                        123L)),
                List.of(new ClusterStatus.OfFault(
                        1,
                        "subscription vm3_test2_sub on warehouse slow: 200 ms later",
                        "its walsender is reached through 127.0.0.1:40123")));

        String view = view(status);

        assertThat(view.lines()).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(80));
        assertThat(view)
                .contains("""
                        Node       Subscription   From  Slot                        Behind  State
                        warehouse  vm3_test2_sub  vm1   failover_vm4_vm3_test2_sub  123 B   copying
                                                                                            customer,
                                                                                            address
                        """)
                .contains("\nNOT healthy: vm2 is down; vm3_test2_sub of warehouse: copying customer, address;\n");
    }

    @Test
    void what_a_failover_would_say_is_said_before_it() {
        assertThat(view(status(
                        List.of(VM1),
                        List.of(),
                        List.of(new ClusterStatus.OfFailover("vm3", "vm4", List.of())),
                        List.of())))
                .endsWith("\nA failover from vm3 to vm4 now would lose nothing.");
        assertThat(view(status(
                        List.of(VM1),
                        List.of(),
                        List.of(new ClusterStatus.OfFailover(
                                "vm3", "vm4", List.of("vm4 is paused", "vm1 does not answer, which it follows"))),
                        List.of())))
                .endsWith("\nA failover from vm3 to vm4 now would be refused, because vm4 is paused; vm1 does\n"
                        + "not answer, which it follows.");
    }

    @Test
    void what_is_broken_on_purpose_is_not_healthy_though_it_streams() {
        assertThat(status(
                                List.of(VM1),
                                List.of(subscription("vm1", "streaming", 0L)),
                                List.of(new ClusterStatus.OfFault(1, "stalled", "seen")))
                        .healthy())
                .isFalse();
    }

    @ParameterizedTest
    @CsvSource({"0, 0 B", "9999, 9999 B", "10240, 10 kB", "20000000, 19 MB"})
    void bytes_are_short(long bytes, String text) {
        assertThat(StatusView.bytes(bytes)).isEqualTo(text);
    }
}
