package org.pgminicluster.lab.lesson;

import java.util.Optional;
import java.util.function.Consumer;
import org.pgminicluster.topology.Topology;

/**
 * A problem that people meet with replication: it is made to happen on a running cluster, cured there, and the cure is
 * proved by a row that arrives. What a reader is told about it is in {@link Texts#ofProblems}, under its id.
 *
 * @param id its name: lower-case words joined by hyphens
 * @param page the page of PostgreSQL's manual that states the rule behind it, without {@code .html}
 * @param majors the majors that can show it
 * @param topology the cluster that it happens on
 * @param story makes it happen, shows it, cures it, and proves the cure
 */
public record Problem(String id, String page, Majors majors, Topology topology, Consumer<Lesson> story) {

    /** The first major whose standbys a topology can have. */
    public static final int FIRST_WITH_STANDBYS = 12;

    /** Where {@link #page()} is, for the given major. */
    public String manual(int major) {
        return "https://www.postgresql.org/docs/" + major + "/" + page + ".html";
    }

    /** Why a major cannot show it; empty if it can. */
    public Optional<String> whyNot(int major, Texts problems) {
        if (!majors.include(major)) {
            return Optional.of(problems.get(id + ".majors"));
        }
        boolean standbys = !topology.standbys().isEmpty();
        return standbys && major < FIRST_WITH_STANDBYS ? Optional.of(problems.get("standby.majors")) : Optional.empty();
    }
}
