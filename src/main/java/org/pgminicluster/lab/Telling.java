package org.pgminicluster.lab;

import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.pgminicluster.cluster.MiniCluster;
import org.pgminicluster.cluster.Node;
import org.pgminicluster.journal.Event;
import org.pgminicluster.journal.Row;
import org.pgminicluster.journal.Rows;
import org.pgminicluster.lab.lesson.Lesson;
import org.pgminicluster.lab.lesson.Texts;
import org.pgminicluster.script.Step;

/** The homework while it is told: what its chapters say, do and claim. */
final class Telling {

    static final Duration PATIENCE = Duration.ofSeconds(30);

    private final MiniCluster cluster;
    private final Texts texts;
    private final Runnable pause;
    private final Console console;
    private boolean quiet;
    private boolean allHeld = true;

    Telling(MiniCluster cluster, Texts texts, Runnable pause, Console console) {
        this.cluster = cluster;
        this.texts = texts;
        this.pause = pause;
        this.console = console;
    }

    MiniCluster cluster() {
        return cluster;
    }

    Texts texts() {
        return texts;
    }

    Node node(String name) {
        return cluster.node(name);
    }

    /** vm1, vm2 and vm3. */
    List<Node> three() {
        return Stream.of("vm1", "vm2", "vm3").map(this::node).toList();
    }

    /** Whether all that was claimed so far held. */
    boolean allHeld() {
        return allHeld;
    }

    /** Does what follows without a word; it is in the journal all the same. */
    void quietly(boolean wanted) {
        quiet = wanted;
        console.quietly(wanted);
    }

    /** Waits for Enter, if whoever looks on wants to be waited for. */
    void stop() {
        if (!quiet) {
            pause.run();
        }
    }

    /** A statement that matters. */
    void execute(Node node, String sql) {
        stop();
        node.execute(sql);
    }

    /** The same of one that shows something. */
    Rows query(Node node, String sql) {
        stop();
        return node.query(sql);
    }

    /** The same of one that is refused. */
    void refused(Node node, String sql, String claim, String expected) {
        stop();
        check(claim, expected, Lesson.answer(node, sql));
    }

    void observe(String what, String text) {
        cluster.journal().add(null, new Event.Observation(what, text));
    }

    void carryOut(Step.Phase phase) {
        stop();
        carryOut(cluster.script().phase(phase).stream());
    }

    void carryOut(Stream<Step> steps) {
        steps.forEach(cluster::carryOut);
    }

    /** Where each step matters. */
    void oneByOne(Stream<Step> steps) {
        steps.forEach(step -> {
            stop();
            cluster.carryOut(step);
        });
    }

    void checkRows(String key, Rows found, Row... expected) {
        check(
                texts.get(key),
                Stream.of(expected).map(Row::toString).collect(Collectors.joining(" ")),
                found.values().stream().map(Row::toString).collect(Collectors.joining(" ")));
    }

    /** A table of one node has the same rows as that of another. */
    void checkSame(Node node, String table, Node owner) {
        check(
                texts.get("compare.same", node.name(), table, owner.name()),
                owner.table(table).checksum(),
                node.table(table).checksum());
    }

    void check(String claim, String expected, String found) {
        boolean held = expected.equals(found);
        allHeld &= held;
        cluster.journal().add(null, new Event.Check(claim, expected, found, held));
    }
}
