package org.pgminicluster.lab;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.pgminicluster.cluster.MiniCluster;
import org.pgminicluster.cluster.Node;
import org.pgminicluster.fault.Fault;
import org.pgminicluster.journal.Event;
import org.pgminicluster.journal.Row;
import org.pgminicluster.journal.Rows;
import org.pgminicluster.lab.lesson.Lesson;
import org.pgminicluster.lab.lesson.Texts;
import org.pgminicluster.runtime.NodeTable;
import org.pgminicluster.script.GuardSql;
import org.pgminicluster.script.Step;

/** The homework, step by step, on a cluster that was started bare. */
final class HomeworkLesson {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final MiniCluster cluster;
    private final Texts texts;
    private final Runnable pause;
    private final Node vm1;
    private final Node vm2;
    private final Node vm3;
    /** Without the standby, which has nothing before it is one. */
    private final List<Node> nodes;

    private @Nullable Changes changes;
    private boolean allHeld = true;

    HomeworkLesson(MiniCluster cluster, Texts texts, Runnable pause) {
        this.cluster = cluster;
        this.texts = texts;
        this.pause = pause;
        this.vm1 = cluster.node("vm1");
        this.vm2 = cluster.node("vm2");
        this.vm3 = cluster.node("vm3");
        this.nodes = List.of(vm1, vm2, vm3);
    }

    /** Tells it all; false if anything was not as it should be. */
    boolean tell() {
        try (Changes seen = new Changes(nodes, texts)) {
            changes = seen;
            makeTables();
            publish();
            subscribeCrosswise();
            subscribeVm3();
            write();
            tryToWriteCopies();
            compare();
            changes = null;
        }
        if (!cluster.topology().standbys().isEmpty()) {
            addStandby();
            loseVm3();
        }
        return allHeld;
    }

    private void makeTables() {
        step("tables");
        carryOut(Step.Phase.SCHEMA);
        step("first-rows");
        vm1.execute("INSERT INTO test VALUES (1, 'vm1, before')");
        vm2.execute("INSERT INTO test2 VALUES (1, 'vm2, before')");
        step("guards");
        carryOut(Step.Phase.GUARD);
    }

    private void publish() {
        step("roles");
        carryOut(Step.Phase.ROLE);
        step("publications");
        carryOut(Step.Phase.PUBLISH);
    }

    private void subscribeCrosswise() {
        step("cross");
        carryOut(cluster.script().phase(Step.Phase.SUBSCRIBE).stream()
                .filter(step -> !step.node().equals("vm3")));
        cluster.awaitReplicated();
        check("cross.vm2", vm2.table("test").rows(), Row.of(1, "vm1, before"));
        check("cross.vm1", vm1.table("test2").rows(), Row.of(1, "vm2, before"));
    }

    private void subscribeVm3() {
        step("clash");
        check(
                texts.get("clash.refused"),
                "could not create replication slot \"test_sub\": ERROR:  replication slot \"test_sub\" already exists",
                Lesson.answer(vm3, Lesson.createSubscription("test_sub", vm3, vm1, "test_pub")));
        step("own-names");
        carryOut(cluster.script().phase(Step.Phase.SUBSCRIBE).stream()
                .filter(step -> step.node().equals("vm3")));
        cluster.awaitReplicated();
        check("own-names.test", vm3.table("test").rows(), Row.of(1, "vm1, before"));
        check("own-names.test2", vm3.table("test2").rows(), Row.of(1, "vm2, before"));
    }

    private void write() {
        step("later");
        vm1.execute("INSERT INTO test VALUES (2, 'vm1, later'), (3, 'soon changed'), (4, 'soon gone')");
        vm2.execute("INSERT INTO test2 VALUES (2, 'vm2, later')");
        cluster.awaitReplicated();
        step("change");
        vm1.execute("UPDATE test SET name = 'vm1, changed' WHERE id = 3");
        vm1.execute("DELETE FROM test WHERE id = 4");
        cluster.awaitReplicated();
        check(
                "change.vm3",
                vm3.table("test").rows(),
                Row.of(1, "vm1, before"),
                Row.of(2, "vm1, later"),
                Row.of(3, "vm1, changed"));
        step("truncate");
        vm2.execute("TRUNCATE test2");
        vm2.execute("INSERT INTO test2 VALUES (3, 'vm2, after truncate')");
        cluster.awaitReplicated();
        check("truncate.vm1", vm1.table("test2").rows(), Row.of(3, "vm2, after truncate"));
    }

    private void tryToWriteCopies() {
        step("direct");
        for (String sql : List.of(
                "INSERT INTO test VALUES (13, 'from vm2')",
                "UPDATE test SET name = 'from vm2'",
                "UPDATE test SET name = 'from vm2' WHERE false",
                "DELETE FROM test",
                "TRUNCATE test")) {
            check(texts.get("direct.refused", sql.split(" ")[0]), GuardSql.MESSAGE, Lesson.answer(vm2, sql));
        }
        step("through");
        vm1.execute("INSERT INTO test VALUES (5, 'vm1, through the guard')");
        cluster.awaitReplicated();
    }

    private void compare() {
        step("compare");
        for (String table : List.of("test", "test2")) {
            NodeTable owner = (table.equals("test") ? vm1 : vm2).table(table);
            String expected = owner.checksum();
            for (Node node : nodes) {
                if (node.name().equals(owner.node().name())) {
                    continue;
                }
                check(
                        texts.get(
                                "compare.same", node.name(), table, owner.node().name()),
                        expected,
                        node.table(table).checksum());
            }
        }
        observe(texts.get("compare.title"), Holders.table(cluster, nodes, List.of("test", "test2")));
    }

    private void addStandby() {
        Node vm4 = cluster.node("vm4");
        step("standby");
        carryOut(Step.Phase.STANDBY);
        cluster.awaitReplicated();
        for (String table : List.of("test", "test2")) {
            check(
                    texts.get("compare.same", "vm4", table, "vm3"),
                    vm3.table(table).checksum(),
                    vm4.table(table).checksum());
        }
        check(
                texts.get("standby.refused"),
                "cannot execute INSERT in a read-only transaction",
                Lesson.answer(vm4, "INSERT INTO test VALUES (13, 'from vm4')"));
    }

    /** In the worst moment: vm4 has not got a row that vm3 has confirmed to vm1. */
    private void loseVm3() {
        Node vm4 = cluster.node("vm4");
        step("failover");
        try (Fault cut = cluster.faults().cut(vm3, vm4)) {
            vm1.execute("INSERT INTO test VALUES (6, 'only on vm3')");
            cluster.awaitReplicated(vm3, "vm3_test_sub");
            vm3.kill();
            cluster.failOver("vm3", "vm4");
        }
        vm1.execute("INSERT INTO test VALUES (7, 'after the failover')");
        cluster.awaitReplicatedAndConverged("test", PATIENCE, "vm1", "vm2", "vm4");
        check(
                texts.get("failover.nothing-lost"),
                vm1.table("test").checksum(),
                vm4.table("test").checksum());
        observe(texts.get("compare.title"), Holders.table(cluster, List.of(vm1, vm2, vm4), List.of("test", "test2")));
    }

    /** What the last chapter has changed, then, perhaps after a pause, the next one: its reason and its question. */
    private void step(String key) {
        String changed = changes == null ? "" : changes.sinceLast();
        if (!changed.isEmpty()) {
            observe(texts.get("changed"), changed);
        }
        if (!cluster.journal().entries().stream().allMatch(entry -> entry.event() instanceof Event.Started)) {
            pause.run();
        }
        cluster.step(texts.get(key + ".title"), texts.get(key + ".why"));
        cluster.journal().add(null, new Event.Note(Event.Note.Part.QUESTION, texts.get(key + ".question"), null));
    }

    private void observe(String what, String text) {
        cluster.journal().add(null, new Event.Observation(what, text));
    }

    private void carryOut(Step.Phase phase) {
        carryOut(cluster.script().phase(phase).stream());
    }

    private void carryOut(Stream<Step> steps) {
        steps.forEach(cluster::carryOut);
    }

    private void check(String key, Rows found, Row... expected) {
        check(
                texts.get(key),
                String.join(" ", Stream.of(expected).map(Row::toString).toList()),
                String.join(" ", found.values().stream().map(Row::toString).toList()));
    }

    private void check(String claim, String expected, String found) {
        boolean held = expected.equals(found);
        allHeld &= held;
        cluster.journal().add(null, new Event.Check(claim, expected, found, held));
    }
}
