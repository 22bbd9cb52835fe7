package org.pgminicluster.lab.check;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.pgminicluster.EnvironmentException;
import org.pgminicluster.lab.practice.LessonPoint;
import org.pgminicluster.lab.practice.LessonTexts;
import org.pgminicluster.lab.practice.PointTest;
import org.pgminicluster.lab.practice.PracticeLesson;
import org.pgminicluster.lab.practice.WrongWay;
import org.pgminicluster.server.InParallel;
import org.pgminicluster.session.SqlFailedException;

/** Looks at the servers of a lesson that is data, and says of each of its points whether it is done. */
public final class LessonCheck {

    private final PracticeLesson lesson;
    private final boolean readOnly;
    private final Login login;

    /**
     * @param readOnly whether nothing is to be written, not even what is taken back
     * @param prompt whom to ask for passwords that are wanted and not known
     */
    public LessonCheck(PracticeLesson lesson, boolean readOnly, PasswordPrompt prompt) {
        this.lesson = lesson;
        this.readOnly = readOnly;
        this.login = new Login(prompt);
    }

    /**
     * Looks, and changes nothing that is not changed back. What it finds has its texts in those of {@link LessonTexts}.
     *
     * @param nodes those of the lesson that are up
     * @throws EnvironmentException in one sentence if it cannot be told, such as when a server cannot be reached
     */
    public CheckResult run(List<CheckedNode> nodes) {
        try (Sessions sessions = new Sessions()) {
            List<String> there = new ArrayList<>();
            InParallel.map(nodes, node -> enter(node, sessions)).forEach(entered -> entered.ifPresent(there::add));
            Looks looks = new Looks(sessions, there);
            List<Point> points = new ArrayList<>();
            Map<String, Judgement> verdicts = new HashMap<>();
            for (LessonPoint point : lesson.points()) {
                Point judged = new Point(point.id(), List.of(), findings(point, looks, verdicts));
                verdicts.put(point.id(), judged.verdict());
                points.add(judged);
            }
            return new CheckResult(points, readOnly, looks.isWritten());
        } catch (SqlFailedException e) {
            throw new EnvironmentException(
                    "expected " + e.node() + " to answer while it was checked, but did not (" + e.serverMessage()
                            + "); check again",
                    e);
        }
    }

    private Optional<String> enter(CheckedNode node, Sessions sessions) {
        Login.Entered entered;
        try {
            entered = login.enter(node);
        } catch (EnvironmentException e) {
            if (lesson.mayBeDown().contains(node.name())) {
                return Optional.empty();
            }
            throw e;
        }
        sessions.add(entered);
        if (!entered.database().equals(node.database())) {
            throw new EnvironmentException("expected " + node + " to have the database " + node.database()
                    + ", but has none of that name; create it, or name another in the address");
        }
        return Optional.of(node.name());
    }

    private List<Finding> findings(LessonPoint point, Looks looks, Map<String, Judgement> verdicts) {
        for (String before : point.after()) {
            if (verdicts.get(before) != Judgement.DONE) {
                return List.of(Finding.notYet(LessonTexts.waitsFor(before)));
            }
        }
        try {
            return judged(point, looks, verdicts);
        } catch (Looks.NodeDownException e) {
            return List.of(Finding.notYet(LessonTexts.down(point), e.node()));
        } catch (SqlFailedException e) {
            if (e.isConnectionLost()) {
                throw e;
            }
            // What is not there yet cannot be asked for.
            return e.sqlState().startsWith("42") && !e.sqlState().equals("42501")
                    ? List.of(Finding.notYet(LessonTexts.failed(point), e.node(), e.serverMessage()))
                    : List.of(Finding.untold("point-untold", e.node(), e.serverMessage()));
        }
    }

    private List<Finding> judged(LessonPoint point, Looks looks, Map<String, Judgement> verdicts) {
        if (point.test() instanceof PointTest.Arrives arrives) {
            return readOnly ? List.of(Finding.untold("point-read-only")) : arrival(point, arrives, looks, verdicts);
        }
        Looks.Answer answer = point.test() instanceof PointTest.Same same
                ? looks.same(same)
                : looks.holds((PointTest.Holds) point.test());
        return told(point, answer.holds(), answer.values(), looks, verdicts);
    }

    private List<Finding> arrival(
            LessonPoint point, PointTest.Arrives arrives, Looks looks, Map<String, Judgement> verdicts) {
        Looks.Arrival arrival = looks.arrives(arrives);
        List<Finding> findings = new ArrayList<>();
        if (arrival.refusal().isPresent()) {
            findings.add(Finding.notYet(
                    "point-refused", arrives.writer(), arrival.refusal().get()));
        } else {
            findings.addAll(told(point, arrival.arrived(), List.of(), looks, verdicts));
        }
        arrival.leftOver()
                .ifPresent(why -> findings.add(
                        Finding.wrong("left-over", arrives.writer(), why, Long.toString(arrival.marker()))));
        return findings;
    }

    private List<Finding> told(
            LessonPoint point, boolean holds, List<String> values, Looks looks, Map<String, Judgement> verdicts) {
        List<String> said = point.seen()
                .map(query -> looks.row(point.node(), query).orElse(List.of()))
                .orElse(values);
        if (holds) {
            return List.of(new Finding(Judgement.DONE, LessonTexts.done(point), said));
        }
        for (WrongWay wrong : point.wrong()) {
            Optional<List<String>> made = made(wrong, said, looks, verdicts);
            if (made.isPresent()) {
                return List.of(new Finding(Judgement.WRONG, wrong.id(), made.get()));
            }
        }
        return List.of(new Finding(Judgement.NOT_YET, LessonTexts.open(point), said));
    }

    private static Optional<List<String>> made(
            WrongWay wrong, List<String> said, Looks looks, Map<String, Judgement> verdicts) {
        if (wrong.whenDone() != null) {
            return Optional.of(said).filter(values -> verdicts.get(wrong.whenDone()) == Judgement.DONE);
        }
        return wrong.node() == null || wrong.query() == null
                ? Optional.empty()
                : looks.row(wrong.node(), wrong.query());
    }
}
