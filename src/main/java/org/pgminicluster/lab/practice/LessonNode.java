package org.pgminicluster.lab.practice;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A server of a lesson.
 *
 * @param postgres a major, or {@link #NEWER}; empty for what is asked for on the command line
 * @param settings beyond those that every node has
 * @param follows nodes that it has a login on
 * @param standbyOf the node that it is a copy of, for a standby
 */
public record LessonNode(
        String name,
        Optional<String> postgres,
        Map<String, String> settings,
        List<String> follows,
        Optional<String> standbyOf) {

    /** A major later than that of the others. */
    public static final String NEWER = "newer";

    public LessonNode {
        settings = Collections.unmodifiableMap(new LinkedHashMap<>(settings));
        follows = List.copyOf(follows);
    }

    static LessonNode plain(String name) {
        return new LessonNode(name, Optional.empty(), Map.of(), List.of(), Optional.empty());
    }
}
