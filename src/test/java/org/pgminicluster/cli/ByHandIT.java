package org.pgminicluster.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.pgminicluster.MiniClusterException;
import org.pgminicluster.cli.byhand.Look;
import org.pgminicluster.cluster.Node;
import org.pgminicluster.junit.RequiresStandbys;
import org.pgminicluster.topology.HomeworkTopology;

/** What is printed as typed is what is done: somebody who types it gets the same state as the command that printed it. */
@Order(1)
@ResourceLock("the containers of this JVM that are called up")
@RequiresStandbys
class ByHandIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    static Path directory;

    private static Typist minicluster;

    @BeforeAll
    static void start() {
        minicluster = new Typist(HomeworkTopology.withStandby(), directory);
    }

    @AfterAll
    static void close() {
        minicluster.close();
    }

    private static Node node(String name) {
        return minicluster.cluster().node(name);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "cut vm1 vm3",
                "cut vm3 vm4",
                "isolate vm2",
                "limit-wal vm1 64",
                "stall vm3 vm3_test_sub",
                "stall vm4",
                "stop vm2",
                "stop vm2 --mode immediate",
                "pause vm1"
            })
    void a_fault_that_lasts(String fault) throws Exception {
        assumeTrue(!fault.startsWith("limit-wal") || canLoseSlots(), "before 13 the WAL kept for slots had no limit");
        Map<String, List<String>> before = minicluster.settled();

        String breaking = minicluster.command("fault " + fault);
        Map<String, List<String>> broken = minicluster.settled();
        boolean frozen = isFrozen(breaking);
        String healing = minicluster.command("fault heal");
        minicluster.awaitState(before);

        minicluster.type(breaking);
        minicluster.awaitState(broken);
        assertThat(isFrozen(breaking)).isEqualTo(frozen);
        assertThat(frozen || !broken.equals(before))
                .as("%s changes something", fault)
                .isTrue();
        minicluster.type(healing);
        minicluster.awaitState(before);
        assertThat(isFrozen(breaking)).isFalse();
        bringBack(fault);
    }

    /** Looks, at the place where a signal is sent to one process, what state that is in. */
    private static boolean isFrozen(String printed) throws Exception {
        for (String line : printed.lines().toList()) {
            if (line.matches("\\$ .*kill -STOP \\d+'?")) {
                String look = line.substring(2).replaceFirst("kill -STOP (\\d+)", "grep State /proc/$1/status");
                return minicluster.shell(look).contains("(stopped)");
            }
        }
        return false;
    }

    /** What was started by hand the library does not know: it is to be one of its own again. */
    private static void bringBack(String fault) throws Exception {
        if (fault.startsWith("stop")) {
            minicluster.endByHand("vm2");
            if (node("vm2").isRunning()) {
                // A container that an engine was told to start says nothing to this library.
                node("vm2").restart();
            } else {
                node("vm2").start();
            }
        }
    }

    @Test
    void a_killed_server_and_its_start() throws Exception {
        Map<String, List<String>> before = minicluster.settled();

        String kill = minicluster.command("fault kill vm2");
        Map<String, List<String>> broken = minicluster.settled();
        String start = minicluster.command("fault start vm2");
        minicluster.awaitState(before);
        minicluster.type(kill);
        await().atMost(PATIENCE).until(() -> !node("vm2").isRunning());
        minicluster.awaitState(broken);
        minicluster.type(start);
        minicluster.awaitState(before);

        bringBack("stop");
    }

    @Test
    void a_restarted_server_and_what_alter_system_has_said() throws Exception {
        Map<String, List<String>> before = minicluster.settled();

        node("vm2").execute("ALTER SYSTEM SET wal_log_hints = on");
        String restart = minicluster.command("restart vm2");
        minicluster.awaitState(before);
        awaitHints("on");
        node("vm2").execute("ALTER SYSTEM RESET wal_log_hints");
        minicluster.type(restart);
        minicluster.awaitState(before);
        awaitHints("off");

        bringBack("stop");
        minicluster.awaitState(before);
    }

    private static void awaitHints(String value) {
        await().atMost(PATIENCE)
                .ignoreExceptionsInstanceOf(MiniClusterException.class)
                .until(() -> Look.value(node("vm2"), "SHOW wal_log_hints").equals(value));
    }

    @Test
    void a_dropped_slot_and_its_subscription_made_anew() throws Exception {
        Map<String, List<String>> before = minicluster.settled();

        String drop = minicluster.command("fault drop-slot vm1 vm3_test_sub");
        Map<String, List<String>> dropped = minicluster.settled();
        minicluster.command("fault reseed vm3 vm3_test_sub");
        minicluster.awaitState(before);
        assertThat(drop).contains("\n-- both again until the slot is gone");
        await().atMost(PATIENCE).until(() -> {
            minicluster.type(drop);
            return node("vm1").currentSlot("vm3_test_sub").isEmpty();
        });
        minicluster.awaitState(dropped);

        minicluster.command("fault reseed vm3 vm3_test_sub");
        String reseed = minicluster.command("fault reseed vm3 vm3_test_sub");
        minicluster.awaitState(before);
        minicluster.type(reseed);
        minicluster.awaitState(before);
        minicluster.cluster().awaitReplicated();
    }

    @Test
    void a_lost_slot() throws Exception {
        assumeTrue(canLoseSlots(), "before 13 no slot was lost by itself");
        Map<String, List<String>> before = minicluster.settled();
        minicluster.command("fault limit-wal vm1 1");
        minicluster.command("fault stop vm2");

        String lose = minicluster.command("fault lose-slot vm1 test_sub");
        assertThat(walStatus()).isEqualTo("lost");
        minicluster.command("fault start vm2");
        minicluster.command("fault reseed vm2 test_sub");
        minicluster.command("fault stop vm2");
        assertThat(walStatus()).isNotEqualTo("lost");
        assertThat(lose).containsPattern("(?m)^-- all three again until .* has wal_status lost: \\d+ times?$");
        await().atMost(PATIENCE).until(() -> {
            minicluster.type(lose);
            return walStatus().equals("lost");
        });

        minicluster.command("fault start vm2");
        minicluster.command("fault reseed vm2 test_sub");
        minicluster.command("fault heal");
        minicluster.awaitState(before);
    }

    private static boolean canLoseSlots() {
        return minicluster.cluster().version().isAtLeast(13);
    }

    private static String walStatus() {
        return node("vm1").currentSlot("test_sub").orElseThrow().walStatus().orElse("");
    }

    @ParameterizedTest
    @ValueSource(strings = {"vm3_test_sub", "vm3_test_sub --walsender", "PID"})
    void a_terminated_process(String what) throws Exception {
        Map<String, List<String>> before = minicluster.settled();
        boolean walsender = what.endsWith("walsender");

        String worker = pid(walsender);
        String terminate = minicluster.command("fault terminate vm3 " + what.replace("PID", worker));
        minicluster.awaitState(before);
        await().atMost(PATIENCE).until(() -> !pid(walsender).isEmpty());
        String second = pid(walsender);
        assertThat(second).isNotEqualTo(worker);
        minicluster.type(terminate.replace(worker, second));
        await().atMost(PATIENCE)
                .until(() -> !pid(walsender).isEmpty() && !pid(walsender).equals(second));

        minicluster.awaitState(before);
    }

    private static String pid(boolean walsender) {
        return Look.value(
                node(walsender ? "vm1" : "vm3"),
                walsender
                        ? "SELECT max(active_pid) FROM pg_replication_slots WHERE slot_name = 'vm3_test_sub' AND active"
                        : "SELECT max(pid) FROM pg_stat_subscription WHERE relid IS NULL AND subname = 'vm3_test_sub'");
    }
}
