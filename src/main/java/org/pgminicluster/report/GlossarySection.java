package org.pgminicluster.report;

import java.util.List;
import org.pgminicluster.journal.Trace;
import org.pgminicluster.report.Block.Fact;
import org.pgminicluster.report.Document.Section;

/** The words that a reader may not know, a line each. */
final class GlossarySection {

    static final List<String> TERMS = List.of(
            "lsn",
            "wal",
            "publication",
            "subscription",
            "slot",
            "walsender",
            "apply",
            "tablesync",
            "states",
            "origin",
            "identity",
            "guard",
            "standby");

    private GlossarySection() {}

    /** What was judged is told in a learner's words. */
    static Section section(Run run, Labels labels) {
        List<Block> terms = run.first(Trace.Judged.class).isPresent() ? List.of() : List.of(terms(labels));
        return new Section("glossary", labels.get("glossary.title"), "", terms);
    }

    private static Block terms(Labels labels) {
        return new Block.Facts(TERMS.stream()
                .map(term -> new Fact(labels.get("glossary." + term + ".term"), labels.get("glossary." + term), false))
                .toList());
    }
}
