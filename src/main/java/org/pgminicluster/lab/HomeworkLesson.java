package org.pgminicluster.lab;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.pgminicluster.cluster.MiniCluster;
import org.pgminicluster.cluster.Node;
import org.pgminicluster.cluster.NodeTable;
import org.pgminicluster.cluster.SqlFailedException;
import org.pgminicluster.journal.Event;
import org.pgminicluster.journal.Row;
import org.pgminicluster.journal.Rows;
import org.pgminicluster.script.GuardSql;
import org.pgminicluster.script.Step;

/** The homework, step by step, on a cluster that was started bare. */
final class HomeworkLesson {

    private final MiniCluster cluster;
    private final Node vm1;
    private final Node vm2;
    private final Node vm3;
    private boolean allHeld = true;

    HomeworkLesson(MiniCluster cluster) {
        this.cluster = cluster;
        this.vm1 = cluster.node("vm1");
        this.vm2 = cluster.node("vm2");
        this.vm3 = cluster.node("vm3");
    }

    /** Tells it all; false if anything was not as it should be. */
    boolean tell() {
        makeTables();
        publish();
        subscribeCrosswise();
        subscribeVm3();
        write();
        tryToWriteCopies();
        compare();
        return allHeld;
    }

    private void makeTables() {
        step(
                "The same two tables on every node",
                "Schema is not replicated: whoever wants to receive a table makes it first.");
        carryOut(Step.Phase.SCHEMA);
        step(
                "A row on each side, before anybody subscribes",
                "It will show that a subscription first copies what is there.");
        vm1.execute("INSERT INTO test VALUES (1, 'vm1, before')");
        vm2.execute("INSERT INTO test2 VALUES (1, 'vm2, before')");
        step(
                "Guards on the read-only copies",
                "A subscriber's table can be written by anybody; the homework asks for copies that refuse."
                        + " TRUNCATE is an event of its own and needs a trigger of its own.");
        carryOut(Step.Phase.GUARD);
    }

    private void publish() {
        step(
                "A role for subscribers",
                "It may replicate and read what is published, nothing else. \\password hashes on this side:"
                        + " no server ever sees or logs the password.");
        carryOut(Step.Phase.ROLE);
        step("Publications", "vm1 publishes test, vm2 publishes test2; the initial copy needs SELECT on them.");
        carryOut(Step.Phase.PUBLISH);
    }

    private void subscribeCrosswise() {
        step(
                "vm1 and vm2 subscribe to each other",
                "One after the other: making a slot waits for older transactions, and two"
                        + " CREATE SUBSCRIPTIONs that cross would wait for each other for ever.");
        carryOut(cluster.script().phase(Step.Phase.SUBSCRIBE).stream()
                .filter(step -> !step.node().equals("vm3")));
        cluster.awaitReplicated();
        check("vm2 has the row that vm1 had before", vm2.table("test").rows(), Row.of(1, "vm1, before"));
        check("vm1 has the row that vm2 had before", vm1.table("test2").rows(), Row.of(1, "vm2, before"));
    }

    private void subscribeVm3() {
        step(
                "vm3's first attempt",
                "A subscription makes a slot of its own name on the publisher. vm2's subscription is named"
                        + " test_sub, so vm1 has a slot test_sub already, and vm3 cannot make another.");
        String first = "CREATE SUBSCRIPTION test_sub CONNECTION '" + vm3.conninfoTo(vm1, "test_sub")
                + "' PUBLICATION test_pub";
        Optional<SqlFailedException> refusal = vm3.attempt(first);
        check(
                "refused, because the slot exists",
                "could not create replication slot \"test_sub\": ERROR:  replication slot \"test_sub\" already exists",
                refusal.map(SqlFailedException::serverMessage).orElse("carried out"));
        step("The cure: names of vm3's own", "A subscription named after its node gets a slot that nobody else has.");
        carryOut(cluster.script().phase(Step.Phase.SUBSCRIBE).stream()
                .filter(step -> step.node().equals("vm3")));
        cluster.awaitReplicated();
        check("vm3 has vm1's row", vm3.table("test").rows(), Row.of(1, "vm1, before"));
        check("vm3 has vm2's row", vm3.table("test2").rows(), Row.of(1, "vm2, before"));
    }

    private void write() {
        step("Rows added later", "Each node writes its own table; the changes stream to all copies.");
        vm1.execute("INSERT INTO test VALUES (2, 'vm1, later'), (3, 'soon changed'), (4, 'soon gone')");
        vm2.execute("INSERT INTO test2 VALUES (2, 'vm2, later')");
        step("UPDATE and DELETE", "The primary key tells the subscribers which row is meant.");
        vm1.execute("UPDATE test SET name = 'vm1, changed' WHERE id = 3");
        vm1.execute("DELETE FROM test WHERE id = 4");
        cluster.awaitReplicated();
        check(
                "vm3 followed every change",
                vm3.table("test").rows(),
                Row.of(1, "vm1, before"),
                Row.of(2, "vm1, later"),
                Row.of(3, "vm1, changed"));
        step("TRUNCATE", "It is replicated too, since PostgreSQL 11, and passes the guards of the copies.");
        vm2.execute("TRUNCATE test2");
        vm2.execute("INSERT INTO test2 VALUES (3, 'vm2, after truncate')");
        cluster.awaitReplicated();
        check("vm1 has what vm2 has now", vm1.table("test2").rows(), Row.of(3, "vm2, after truncate"));
    }

    private void tryToWriteCopies() {
        step("Direct writes into a copy", "The guard refuses all of them, even an UPDATE that would change no row.");
        for (String sql : List.of(
                "INSERT INTO test VALUES (13, 'from vm2')",
                "UPDATE test SET name = 'from vm2'",
                "UPDATE test SET name = 'from vm2' WHERE false",
                "DELETE FROM test",
                "TRUNCATE test")) {
            check(
                    "vm2 refuses " + sql.split(" ")[0],
                    GuardSql.MESSAGE,
                    vm2.attempt(sql).map(SqlFailedException::serverMessage).orElse("carried out"));
        }
        step(
                "The same copies still receive",
                "The apply worker runs with session_replication_role = replica, for which ordinary"
                        + " triggers do not fire.");
        vm1.execute("INSERT INTO test VALUES (5, 'vm1, through the guard')");
        cluster.awaitReplicated();
    }

    private void compare() {
        step(
                "Who has which rows",
                "All holders of a table must have the same: counted, and hashed over all rows in order.");
        for (String table : List.of("test", "test2")) {
            NodeTable owner = (table.equals("test") ? vm1 : vm2).table(table);
            String expected = owner.checksum();
            for (Node node : cluster.nodes()) {
                if (node == owner.node()) {
                    continue;
                }
                check(
                        node.name() + " holds the same " + table + " as "
                                + owner.node().name(),
                        expected,
                        node.table(table).checksum());
            }
        }
        cluster.journal()
                .add(
                        null,
                        new Event.Observation("Who has which rows", Holders.table(cluster, List.of("test", "test2"))));
    }

    private void step(String title, String why) {
        cluster.step(title, why);
    }

    private void carryOut(Step.Phase phase) {
        carryOut(cluster.script().phase(phase).stream());
    }

    private void carryOut(Stream<Step> steps) {
        steps.forEach(cluster::carryOut);
    }

    private void check(String claim, Rows found, Row... expected) {
        check(
                claim,
                String.join(" ", Stream.of(expected).map(Row::toString).toList()),
                String.join(" ", found.values().stream().map(Row::toString).toList()));
    }

    private void check(String claim, String expected, String found) {
        boolean held = expected.equals(found);
        allHeld &= held;
        cluster.journal().add(null, new Event.Check(claim, expected, found, held));
    }
}
