package org.pgminicluster.lab.practice;

import java.time.Duration;
import java.util.List;

/** How it is found out whether a point is done. */
public sealed interface PointTest {

    /** A query answers true. */
    record Holds(String node, String query) implements PointTest {}

    /** A query has the same answer on all nodes. */
    record Same(List<String> nodes, String query) implements PointTest {
        public Same {
            nodes = List.copyOf(nodes);
        }
    }

    /**
     * A row that is written on one node comes to be seen on another; then it is taken back. In the texts, {@value #MARKER}
     * stands for a number of nine digits, another one each time.
     *
     * @param write one statement
     * @param takeBack one statement that undoes it
     * @param query answers true as long as the row is there
     */
    record Arrives(String writer, String write, String takeBack, String reader, String query, Duration atMost)
            implements PointTest {

        public static final String MARKER = "{marker}";
    }
}
