package org.pgminicluster.lab.lesson;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.pgminicluster.cluster.MiniCluster;
import org.pgminicluster.cluster.Node;
import org.pgminicluster.journal.Event;
import org.pgminicluster.journal.Event.Note.Part;
import org.pgminicluster.journal.Row;
import org.pgminicluster.journal.Rows;
import org.pgminicluster.server.ServerLog;
import org.pgminicluster.session.RunningStatement;
import org.pgminicluster.session.Session;
import org.pgminicluster.session.SqlFailedException;
import org.pgminicluster.wait.Seen;

/**
 * One problem while it is told on a running cluster. Everything goes into the cluster's journal; a symptom is always
 * what a server answered or logged in this very run.
 */
public final class Lesson {

    private final MiniCluster cluster;
    private final Problem problem;
    private final Texts problems;
    private final Texts lab;
    private final Runnable pause;
    private boolean asExpected = true;

    /**
     * @param pause called before each chapter but the first
     */
    public Lesson(MiniCluster cluster, Problem problem, Language language, Runnable pause) {
        this.cluster = cluster;
        this.problem = problem;
        this.problems = Texts.ofProblems(language);
        this.lab = Texts.ofLab(language);
        this.pause = pause;
    }

    /** Tells it all; false if anything was not as it should be. */
    public boolean tell() {
        cluster.step(text("title"), lab.get("chapter.symptom"));
        note(null, Part.PROBLEM, text("title"), null);
        note(null, Part.QUESTION, text("question"), null);
        problem.story().accept(this);
        return asExpected;
    }

    public MiniCluster cluster() {
        return cluster;
    }

    public Node node(String name) {
        return cluster.node(name);
    }

    /** The major that the cluster runs. */
    public int major() {
        return cluster.version().major();
    }

    /** {@code CREATE SUBSCRIPTION}, ended by the publications and, if there are any, the options. */
    public static String createSubscription(String name, Node subscriber, Node publisher, String publications) {
        return "CREATE SUBSCRIPTION " + name + " CONNECTION '" + subscriber.conninfoTo(publisher, name)
                + "' PUBLICATION " + publications;
    }

    /** What a server says to a statement: its error, or that it was carried out. */
    public static String answer(Node node, String sql) {
        return node.attempt(sql).map(SqlFailedException::serverMessage).orElse("carried out");
    }

    /** Waits as {@link MiniCluster#awaitReplicated()} does. */
    public void awaitReplicated() {
        cluster.awaitReplicated();
    }

    /** Waits as {@link MiniCluster#awaitValue(Node, String, Object)} does. */
    public void awaitValue(Node node, String query, Object expected) {
        cluster.awaitValue(node, query, expected);
    }

    /** A symptom: the node refuses the statement in these words. */
    public void refused(Node node, String sql, String words) {
        refused(node, sql, Wording.of(words));
    }

    /** The same where majors say it in other words. */
    public void refused(Node node, String sql, Wording words) {
        refusal(node, node.attempt(sql), words);
    }

    /** The same in a session, which may be inside a transaction or under another role. */
    public void refused(Node node, Session session, String sql, Wording words) {
        Optional<SqlFailedException> refusal = Optional.empty();
        try {
            session.execute(sql);
        } catch (SqlFailedException e) {
            refusal = Optional.of(e);
        }
        refusal(node, refusal, words);
    }

    /** The same of a statement that has been running for a while: it ends with an error in these words. */
    public void failed(Node node, RunningStatement statement, String words) {
        Optional<SqlFailedException> failure = Optional.empty();
        try {
            statement.await();
        } catch (SqlFailedException e) {
            failure = Optional.of(e);
        }
        refusal(node, failure, Wording.of(words));
    }

    private void refusal(Node node, Optional<SqlFailedException> refusal, Wording words) {
        String said = refusal.map(e -> new Event.Failed(e.sqlState(), e.serverMessage(), e.detail(), e.hint()))
                .map(Event.Failed::toString)
                .orElse("");
        check(lab.get("check.refused"), words.in(major()), said, said.contains(words.in(major())));
        symptom(node, said, "psql");
    }

    /** A symptom: the node logs these words after the mark. */
    public void logged(Node node, ServerLog.Mark mark, String words) {
        logged(node, mark, Wording.of(words));
    }

    /** The same where majors say it in other words. */
    public void logged(Node node, ServerLog.Mark mark, Wording words) {
        cluster.awaitLog(node, mark, words.in(major()));
        symptom(node, LogLines.around(node.log().since(mark), words.in(major())), "log");
    }

    /** A symptom: a query returns these rows. */
    public void shows(Node node, String where, String query, Row... expected) {
        Rows rows = node.query(query);
        check(lab.get("check.shows"), text(List.of(expected)), text(rows.values()));
        symptom(node, rows.toString(), where);
    }

    /** A symptom: a table has these rows and no others; whatever has to come before must have been awaited. */
    public void holds(Node node, String table, Row... expected) {
        Rows rows = node.table(table).rows();
        check(lab.get("check.holds", node.name(), table), text(List.of(expected)), text(rows.values()));
        symptom(node, rows.toString(), table);
    }

    /** Waits until a table has exactly these rows; for what has to be so before the story goes on. */
    public void awaitTable(Node node, String table, Row... expected) {
        cluster.await(
                lab.get("await.rows", table, node.name(), text(List.of(expected))),
                () -> {
                    String seen = text(node.table(table).quietly().rows().values());
                    return Seen.of(seen.equals(text(List.of(expected))), seen);
                },
                node);
    }

    /** Why it happened; then what is done about it begins. */
    public void cure() {
        note(null, Part.CAUSE, text("cause"), problem.manual(major()));
        pause.run();
        cluster.step(lab.get("chapter.cure"), lab.get("chapter.cure.why"));
        note(null, Part.CURE, text("cure"), null);
        problems.find(problem.id() + ".majors").ifPresent(differs -> note(null, Part.MAJORS, differs, null));
    }

    /** What shows that it helped: a table of the node comes to have exactly these rows. */
    public void proof(Node node, String table, Row... expected) {
        awaitTable(node, table, expected);
        Rows rows = node.table(table).rows();
        check(lab.get("check.arrived", node.name(), table), text(List.of(expected)), text(rows.values()));
        note(node, Part.PROOF, rows.toString(), table);
    }

    /** Something that must hold along the way. */
    public void check(String claim, String expected, String found) {
        check(claim, expected, found, expected.equals(found));
    }

    private void check(String claim, String expected, String found, boolean held) {
        asExpected &= held;
        cluster.journal().add(null, new Event.Check(claim, expected, found, held));
    }

    private void symptom(Node node, String text, String where) {
        note(node, Part.SYMPTOM, text, where);
    }

    private void note(@Nullable Node node, Part part, String text, @Nullable String where) {
        cluster.journal().add(node == null ? null : node.name(), new Event.Note(part, text, where));
    }

    private String text(String part) {
        return problems.get(problem.id() + "." + part);
    }

    private static String text(List<Row> rows) {
        return rows.stream().map(Row::toString).collect(Collectors.joining(" "));
    }
}
