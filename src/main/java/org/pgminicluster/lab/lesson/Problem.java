package org.pgminicluster.lab.lesson;

import java.util.Optional;
import org.pgminicluster.topology.Topology;

/**
 * A problem that people meet with replication: it is made to happen on a running cluster, cured there, and the cure is
 * proved by a row that arrives. What a reader is told about it is in {@link Texts#ofProblems}, under its id.
 */
public interface Problem {

    /** Its name: lower-case words joined by hyphens. */
    String id();

    /** The page of PostgreSQL's manual that states the rule behind it, without {@code .html}. */
    String page();

    /** The majors that can show it. */
    default Majors majors() {
        return Majors.ALL;
    }

    /** The cluster that it happens on. */
    Topology topology();

    /** Makes it happen, shows it, cures it, and proves the cure. */
    void tell(Lesson lesson);

    /** Where {@link #page()} is, for the given major. */
    default String manual(int major) {
        return "https://www.postgresql.org/docs/" + major + "/" + page() + ".html";
    }

    /** Why a major cannot show it; empty if it can. */
    default Optional<String> whyNot(int major, Texts problems) {
        return majors().include(major) ? Optional.empty() : Optional.of(problems.get(id() + ".majors"));
    }
}
