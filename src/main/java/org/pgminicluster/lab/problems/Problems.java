package org.pgminicluster.lab.problems;

import java.util.List;
import java.util.stream.Stream;
import org.pgminicluster.lab.lesson.Problem;

/** The catalogue: setting up first, then running, then the ends of nodes. */
public final class Problems {

    private static final List<Problem> ALL = Stream.of(
                    SetUpProblems.all(), TableProblems.all(), SlotProblems.all(), StandbyProblems.all())
            .flatMap(List::stream)
            .toList();

    private Problems() {}

    /** All of them, in the order in which people meet them. */
    public static List<Problem> all() {
        return ALL;
    }
}
