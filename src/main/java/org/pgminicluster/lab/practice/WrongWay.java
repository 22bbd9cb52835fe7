package org.pgminicluster.lab.practice;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A mistake that people make at a point that is not done.
 *
 * @param id of what is found; if a problem has it, that is named for further reading
 * @param node where to look; null if another point tells it
 * @param query has a row if the mistake was made, whose values the texts have places for; null if another point tells it
 * @param whenDone the point which, when it is done and this one is not, shows the mistake; null if a query tells it
 */
public record WrongWay(
        String id,
        @Nullable String node,
        @Nullable String query,
        @Nullable String whenDone,
        LessonText says,
        Optional<LessonText> hint,
        Optional<LessonText> answer) {}
