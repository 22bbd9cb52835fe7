package org.pgminicluster.lab.problems;

import org.pgminicluster.cluster.Node;
import org.pgminicluster.journal.Row;
import org.pgminicluster.lab.lesson.Lesson;
import org.pgminicluster.server.ServerLog;

/** What more than one story does. */
final class Acts {

    /** The row of {@link #BEFORE}. */
    static final String WRITE_BEFORE = "INSERT INTO test VALUES (1, 'before')";

    static final Row BEFORE = Row.of(1, "before");

    /** The tables of the subscriptions, and how far each is with its first copy. */
    static final String STATES = "SELECT srrelid::regclass AS table, srsubstate FROM pg_subscription_rel ORDER BY 1";

    static final String SLOTS = "SELECT slot_name FROM pg_replication_slots";

    /** What vm3 and vm4 log when the other one has the slot. */
    static final String SLOT_TAKEN = "replication slot \"vm3_test_sub\" is active for PID";

    private static final String RELOAD = "SELECT pg_reload_conf()";

    private Acts() {}

    /** Row 1 of vm1 is on all nodes. */
    static void before(Lesson lesson, Node vm1) {
        vm1.execute(WRITE_BEFORE);
        lesson.awaitReplicated();
    }

    /** Proves by a row of vm1 that the subscriber follows it. */
    static void proveByRow(Lesson lesson, Node vm1, Node subscriber) {
        vm1.execute("INSERT INTO test VALUES (1, 'one')");
        lesson.proof(subscriber, "test", Row.of(1, "one"));
    }

    /** {@code CREATE SUBSCRIPTION test_sub}. */
    static String subscribe(Node subscriber, Node publisher) {
        return Lesson.createSubscription("test_sub", subscriber, publisher, "test_pub");
    }

    /** Leaves the slot on the publisher, whether that can be reached or not. */
    static void giveUpSlot(Node subscriber, String subscription) {
        subscriber.execute("ALTER SUBSCRIPTION " + subscription + " DISABLE");
        subscriber.execute("ALTER SUBSCRIPTION " + subscription + " SET (slot_name = NONE)");
    }

    /** Makes a subscription to test_pub anew, with everything that it copies. */
    static void seedAgain(String subscription, Node subscriber, Node publisher) {
        subscriber.execute("DROP SUBSCRIPTION " + subscription);
        subscriber.execute("TRUNCATE test");
        subscriber.execute(Lesson.createSubscription(subscription, subscriber, publisher, "test_pub"));
    }

    /** {@code ALTER SYSTEM SET} or {@code RESET}; what it changes is to be awaited. */
    static void alterSystem(Node node, String change) {
        node.execute("ALTER SYSTEM " + change);
        node.query(RELOAD);
    }

    /** Makes a node read its files of settings and of logins again, and returns when it does. */
    static void reload(Lesson lesson, Node node) {
        ServerLog.Mark mark = node.log().mark();
        node.query(RELOAD);
        lesson.cluster().awaitLog(node, mark, "received SIGHUP, reloading configuration files");
    }

    /** Commits on that node wait for whoever is named, from when this returns. */
    static void waitFor(Lesson lesson, Node node, String names) {
        alterSystem(node, "SET synchronous_standby_names = '" + names + "'");
        awaitSynchronous(lesson, node);
    }

    static void awaitSynchronous(Lesson lesson, Node node) {
        lesson.awaitValue(node, "SELECT sync_state FROM pg_stat_replication", "sync");
    }

    static void waitForNobody(Node node) {
        alterSystem(node, "RESET synchronous_standby_names");
    }

    /** Waits until vm3 has told vm1 that it has all that vm1 has written, so that vm1 will not send it again. */
    static void awaitConfirmed(Lesson lesson, Node vm1, Node vm3) {
        lesson.cluster().awaitReplicated(vm3, "vm3_test_sub");
        lesson.awaitValue(
                vm1, "SELECT " + confirmed(vm1) + " FROM pg_replication_slots WHERE slot_name = 'vm3_test_sub'", true);
    }

    /** Whether a slot is past all that the publisher has written by now. */
    static String confirmed(Node publisher) {
        return "confirmed_flush_lsn >= '" + publisher.currentLsn() + "'";
    }
}
