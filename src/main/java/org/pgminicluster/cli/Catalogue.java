package org.pgminicluster.cli;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.pgminicluster.lab.Lab;
import org.pgminicluster.lab.lesson.Problem;
import org.pgminicluster.lab.lesson.Texts;

/** The problems as the command line shows them. */
final class Catalogue {

    private Catalogue() {}

    /**
     * @param id by which {@code run} and {@code explain} take it
     * @param title in a few words
     * @param question to think about
     * @param cause why it happens
     * @param cure what to do
     * @param manual the page of PostgreSQL's manual
     * @param notShown why the major that was asked for cannot show it; empty if it can
     */
    record Entry(String id, String title, String question, String cause, String cure, String manual, String notShown) {}

    /** The problem of that id, or a usage error with the nearest ones. */
    static Problem problem(String id) {
        return Lab.problem(id)
                .orElseThrow(() -> Nearest.unknown(
                        "the problem",
                        id,
                        Lab.problems().stream().map(Problem::id).toList()));
    }

    static List<Entry> entries(Texts texts, OptionalInt major) {
        return Lab.problems().stream()
                .map(problem -> entry(problem, texts, major))
                .toList();
    }

    static Entry entry(Problem problem, Texts texts, OptionalInt major) {
        Optional<String> why = major.isPresent() ? problem.whyNot(major.getAsInt(), texts) : Optional.empty();
        return new Entry(
                problem.id(),
                texts.find(problem.id() + ".title").orElse(""),
                texts.find(problem.id() + ".question").orElse(""),
                texts.find(problem.id() + ".cause").orElse(""),
                texts.find(problem.id() + ".cure").orElse(""),
                problem.manual(major.orElse(13)),
                why.orElse(""));
    }
}
