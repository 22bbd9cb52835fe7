package org.pgminicluster.lab.problems;

import java.util.function.Consumer;
import org.pgminicluster.cluster.Node;
import org.pgminicluster.lab.lesson.Lesson;
import org.pgminicluster.server.ServerLog;
import org.pgminicluster.topology.NodeSpec;
import org.pgminicluster.topology.StandbySpec;
import org.pgminicluster.topology.Topology;

/** The clusters that most problems happen on, and what they have in common. */
final class Stages {

    static final String TEST = "CREATE TABLE test (id integer PRIMARY KEY, name text)";

    /** The tables of the subscriptions, and how far each is with its first copy. */
    static final String STATES = "SELECT srrelid::regclass AS table, srsubstate FROM pg_subscription_rel ORDER BY 1";

    static final String TABLES = "SELECT srrelid::regclass AS table FROM pg_subscription_rel ORDER BY 1";

    private Stages() {}

    /** vm1 publishes test, vm2 follows. */
    static Topology.Builder pair() {
        return Topology.named("vm1 publishes, vm2 follows")
                .schema(TEST)
                .node("vm1", vm1 -> vm1.publishes("test_pub", "test"))
                .node("vm2", vm2 -> vm2.subscribes("test_sub", "vm1", "test_pub"));
    }

    /** Both have table test; vm2 has a login on vm1 and is not subscribed yet. */
    static Topology following(Consumer<NodeSpec.Builder> vm1) {
        return Topology.named("vm2 is about to follow vm1")
                .schema(TEST)
                .node("vm1", vm1)
                .node("vm2", vm2 -> vm2.mayFollow("vm1"))
                .build();
    }

    /** {@code CREATE SUBSCRIPTION}, ended by the publications and, if there are any, the options. */
    static String subscribe(String name, Node subscriber, Node publisher, String publications) {
        return "CREATE SUBSCRIPTION " + name + " CONNECTION '" + subscriber.conninfoTo(publisher, name)
                + "' PUBLICATION " + publications;
    }

    /** Makes a node read its files of settings and of logins again, and returns when it does. */
    static void reload(Node node) {
        ServerLog.Mark mark = node.log().mark();
        node.query("SELECT pg_reload_conf()");
        node.cluster().awaitLog(node, mark, "received SIGHUP, reloading configuration files");
    }

    /** vm1 publishes test, vm3 follows, and vm4 is vm3's physical standby. */
    static StandbySpec.Builder withStandby() {
        return Topology.named("vm3 follows vm1, and vm4 is a standby of vm3")
                .schema(TEST)
                .node("vm1", vm1 -> vm1.publishes("test_pub", "test"))
                .node("vm3", vm3 -> vm3.subscribes("vm3_test_sub", "vm1", "test_pub"))
                .standby("vm4");
    }

    /** Waits until vm3 has told vm1 that it has all that vm1 has written, so that vm1 will not send it again. */
    static void awaitConfirmed(Lesson lesson, Node vm1, Node vm3) {
        lesson.cluster().awaitReplicated(vm3, "vm3_test_sub");
        lesson.cluster()
                .awaitValue(
                        vm1,
                        "SELECT confirmed_flush_lsn >= '" + vm1.currentLsn()
                                + "' FROM pg_replication_slots WHERE slot_name = 'vm3_test_sub'",
                        true);
    }

    /** Commits on that node wait for whoever is named, from when this returns. */
    static void waitFor(Lesson lesson, Node node, String names) {
        node.execute("ALTER SYSTEM SET synchronous_standby_names = '" + names + "'");
        node.query("SELECT pg_reload_conf()");
        lesson.cluster().awaitValue(node, "SELECT sync_state FROM pg_stat_replication", "sync");
    }

    static void waitForNobody(Node node) {
        node.execute("ALTER SYSTEM RESET synchronous_standby_names");
        node.query("SELECT pg_reload_conf()");
    }

    /** Makes a subscription to test_pub anew, with everything that it copies. */
    static void seedAgain(String name, Node subscriber, Node publisher) {
        subscriber.execute("DROP SUBSCRIPTION " + name);
        subscriber.execute("TRUNCATE test");
        subscriber.execute(subscribe(name, subscriber, publisher, "test_pub"));
    }
}
