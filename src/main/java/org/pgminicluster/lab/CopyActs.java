package org.pgminicluster.lab;

import java.util.List;
import java.util.stream.Stream;
import org.pgminicluster.cluster.Node;
import org.pgminicluster.journal.Row;
import org.pgminicluster.lab.lesson.Lesson;
import org.pgminicluster.runtime.NodeTable;
import org.pgminicluster.script.GuardSql;
import org.pgminicluster.script.Step;

/** Tables, publications, subscriptions, and what comes through them. */
record CopyActs(Telling telling) {

    private Node vm1() {
        return telling.node("vm1");
    }

    private Node vm2() {
        return telling.node("vm2");
    }

    private Node vm3() {
        return telling.node("vm3");
    }

    void firstRows() {
        telling.execute(vm1(), "INSERT INTO test VALUES (1, 'vm1, before')");
        telling.execute(vm2(), "INSERT INTO test2 VALUES (1, 'vm2, before')");
    }

    void publish() {
        telling.oneByOne(telling.cluster().script().phase(Step.Phase.PUBLISH).stream());
    }

    void subscribeCrosswise() {
        telling.oneByOne(subscriptions(false));
        telling.cluster().awaitReplicated();
        telling.checkRows("cross.vm2", vm2().table("test").rows(), Row.of(1, "vm1, before"));
        telling.checkRows("cross.vm1", vm1().table("test2").rows(), Row.of(1, "vm2, before"));
    }

    private Stream<Step> subscriptions(boolean ofVm3) {
        return telling.cluster().script().phase(Step.Phase.SUBSCRIBE).stream()
                .filter(step -> step.node().equals("vm3") == ofVm3);
    }

    void clash() {
        telling.refused(
                vm3(),
                Lesson.createSubscription("test_sub", vm3(), vm1(), "test_pub"),
                telling.texts().get("clash.refused"),
                "could not create replication slot \"test_sub\": ERROR:  replication slot \"test_sub\" already exists");
    }

    void subscribeVm3() {
        telling.oneByOne(subscriptions(true));
        telling.cluster().awaitReplicated();
        telling.checkRows("own-names.test", vm3().table("test").rows(), Row.of(1, "vm1, before"));
        telling.checkRows("own-names.test2", vm3().table("test2").rows(), Row.of(1, "vm2, before"));
    }

    void writeLater() {
        telling.execute(vm1(), "INSERT INTO test VALUES (2, 'vm1, later'), (3, 'soon changed'), (4, 'soon gone')");
        telling.execute(vm2(), "INSERT INTO test2 VALUES (2, 'vm2, later')");
        telling.cluster().awaitReplicated();
    }

    void change() {
        telling.execute(vm1(), "UPDATE test SET name = 'vm1, changed' WHERE id = 3");
        telling.execute(vm1(), "DELETE FROM test WHERE id = 4");
        telling.cluster().awaitReplicated();
        telling.checkRows(
                "change.vm3",
                vm3().table("test").rows(),
                Row.of(1, "vm1, before"),
                Row.of(2, "vm1, later"),
                Row.of(3, "vm1, changed"));
    }

    void truncate() {
        telling.execute(vm2(), "TRUNCATE test2");
        telling.execute(vm2(), "INSERT INTO test2 VALUES (3, 'vm2, after truncate')");
        telling.cluster().awaitReplicated();
        if (telling.cluster().version().isAtLeast(11)) {
            telling.checkRows("truncate.vm1", vm1().table("test2").rows(), Row.of(3, "vm2, after truncate"));
        } else {
            telling.checkRows(
                    "truncate.kept",
                    vm1().table("test2").rows(),
                    Row.of(1, "vm2, before"),
                    Row.of(2, "vm2, later"),
                    Row.of(3, "vm2, after truncate"));
            for (Node copy : List.of(vm1(), telling.node("vm3"))) {
                copy.execute("SET session_replication_role = replica; DELETE FROM test2 WHERE id < 3;"
                        + " RESET session_replication_role");
            }
        }
    }

    void tryToWriteCopies() {
        for (String sql : List.of(
                "INSERT INTO test VALUES (13, 'from vm2')",
                "UPDATE test SET name = 'from vm2'",
                "UPDATE test SET name = 'from vm2' WHERE false",
                "DELETE FROM test",
                "TRUNCATE test")) {
            telling.refused(vm2(), sql, telling.texts().get("direct.refused", sql.split(" ")[0]), GuardSql.MESSAGE);
        }
    }

    void goThrough() {
        telling.execute(vm1(), "INSERT INTO test VALUES (5, 'vm1, through the guard')");
        telling.cluster().awaitReplicated();
    }

    void compare() {
        telling.stop();
        for (String table : List.of("test", "test2")) {
            NodeTable owner = (table.equals("test") ? vm1() : vm2()).table(table);
            String expected = owner.checksum();
            for (Node node : telling.three()) {
                if (!node.name().equals(owner.node().name())) {
                    telling.check(
                            telling.texts()
                                    .get(
                                            "compare.same",
                                            node.name(),
                                            table,
                                            owner.node().name()),
                            expected,
                            node.table(table).checksum());
                }
            }
        }
        telling.observe(
                telling.texts().get("compare.title"),
                Holders.table(telling.cluster(), telling.three(), List.of("test", "test2")));
    }
}
