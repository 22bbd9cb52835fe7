package org.pgminicluster.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import org.pgminicluster.cluster.MiniCluster;
import org.pgminicluster.journal.Entry;
import org.pgminicluster.journal.Event;
import org.pgminicluster.lab.Lab;
import org.pgminicluster.lab.lesson.Language;
import org.pgminicluster.lab.lesson.Lesson;
import org.pgminicluster.lab.lesson.Problem;
import org.pgminicluster.topology.Topology;

/** Scenarios that a problem of the lab tells already: they run it on its own stage, and may look further after it. */
public final class Told {

    private Told() {}

    /** The cluster that the problem happens on. */
    public static Topology stage(String id) {
        return problem(id).topology();
    }

    /** Makes the problem happen and cures it; whatever was not as it should be fails. */
    public static void on(MiniCluster cluster, String id) {
        boolean asExpected = new Lesson(cluster, problem(id), Language.EN, () -> {}).tell();

        assertThat(cluster.journal().entries())
                .extracting(Entry::event)
                .filteredOn(event -> event instanceof Event.Check check && !check.held())
                .as("what did not hold in %s", id)
                .isEmpty();
        assertThat(asExpected).as(id).isTrue();
    }

    private static Problem problem(String id) {
        return Lab.problem(id).orElseThrow();
    }
}
