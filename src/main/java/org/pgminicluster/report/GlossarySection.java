package org.pgminicluster.report;

import java.util.List;
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

    static Section section(Labels labels) {
        return new Section(
                "glossary",
                labels.get("glossary.title"),
                "",
                List.of(new Block.Facts(TERMS.stream()
                        .map(term -> new Fact(
                                labels.get("glossary." + term + ".term"), labels.get("glossary." + term), false))
                        .toList())));
    }
}
