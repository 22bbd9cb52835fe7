package org.pgminicluster.lab.practice;

import java.util.List;
import java.util.Optional;

/**
 * One thing that is to be done in a lesson.
 *
 * @param why why it matters
 * @param after points that come first; until they are done, this one is not looked at
 * @param seen a query on the first node of the test, whose only row has what the texts have places for
 * @param done what is said when it is done
 * @param notYet what is said until then
 * @param hint where to look
 * @param answer what to type
 * @param wrong mistakes; the first that was made is told
 */
public record LessonPoint(
        String id,
        LessonText title,
        LessonText why,
        List<String> after,
        PointTest test,
        Optional<String> seen,
        LessonText done,
        Optional<LessonText> notYet,
        LessonText hint,
        LessonText answer,
        List<WrongWay> wrong) {

    public LessonPoint {
        after = List.copyOf(after);
        wrong = List.copyOf(wrong);
    }

    /** Where the test looks first. */
    public String node() {
        if (test instanceof PointTest.Holds holds) {
            return holds.node();
        }
        return test instanceof PointTest.Same same ? same.nodes().get(0) : ((PointTest.Arrives) test).reader();
    }
}
