package org.pgminicluster.lab.practice;

import java.util.List;

/**
 * Something to learn by doing it.
 *
 * @param name as it is typed
 * @param task what is to be done, a paragraph each; the first says what has happened
 * @param cluster what the start state is built upon
 * @param database the one in which all happens
 * @param since the first major that it can be done on; 0 for any
 * @param mayBeDown nodes that may be down when the lesson is judged
 */
public record PracticeLesson(
        String name,
        LessonText title,
        List<LessonText> task,
        Cluster cluster,
        List<LessonNode> nodes,
        String database,
        int since,
        List<String> mayBeDown,
        List<StartStep> start,
        List<LessonPoint> points) {

    /** What is there before the first step. */
    public enum Cluster {
        /** The homework, done: what {@code up} starts. */
        HOMEWORK,
        /** The same with vm4, a standby of vm3: what {@code up --standby} starts. */
        STANDBY,
        /** The nodes that the lesson names, each with the empty database. */
        NODES
    }

    public PracticeLesson {
        task = List.copyOf(task);
        nodes = List.copyOf(nodes);
        mayBeDown = List.copyOf(mayBeDown);
        start = List.copyOf(start);
        points = List.copyOf(points);
    }

    public List<String> nodeNames() {
        return nodes.stream().map(LessonNode::name).toList();
    }

    /** Whether it needs a second major, later than that of the others. */
    public boolean needsNewer() {
        return nodes.stream()
                .anyMatch(
                        node -> node.postgres().filter(LessonNode.NEWER::equals).isPresent());
    }
}
