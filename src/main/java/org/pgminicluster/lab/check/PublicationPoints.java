package org.pgminicluster.lab.check;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.pgminicluster.script.Sql;
import org.pgminicluster.topology.TableName;

/** Each publishes its own. */
final class PublicationPoints {

    private PublicationPoints() {}

    static List<Point> of(SeenHomework homework, Evidence evidence) {
        return List.of(of(homework, homework.vm1()), of(homework, homework.vm2()));
    }

    private static Point of(SeenHomework homework, Survey node) {
        Optional<SeenHomework.Shared> own = homework.writtenBy(node);
        return new Point(
                "publication",
                List.of(node.node()),
                own.map(shared -> findings(homework, node, shared.name()))
                        .orElseGet(() -> List.of(Finding.notYet("publication-later", node.node()))));
    }

    private static List<Finding> findings(SeenHomework homework, Survey node, TableName table) {
        List<PublicationFacts> having = node.publicationsOf(table);
        List<Finding> findings = new ArrayList<>();
        if (having.isEmpty()) {
            String names =
                    node.publications().stream().map(PublicationFacts::name).collect(Collectors.joining(", "));
            findings.add(
                    names.isEmpty()
                            ? Finding.notYet(
                                    "publication-none",
                                    node.node(),
                                    table.toString(),
                                    Sql.identifier(table.name() + "_pub"),
                                    Sql.table(table))
                            : Finding.wrong(
                                    "publication-without",
                                    node.node(),
                                    names,
                                    table.toString(),
                                    Sql.identifier(node.publications().get(0).name()),
                                    Sql.table(table)));
        }
        for (PublicationFacts publication : having) {
            List<String> lacking = TriggerFacts.ACTS.stream()
                    .filter(act -> !publication.acts().contains(act))
                    .toList();
            if (!lacking.isEmpty()) {
                findings.add(Finding.wrong(
                        "publishes-some",
                        node.node(),
                        publication.name(),
                        String.join(", ", lacking),
                        Sql.identifier(publication.name())));
            }
        }
        findings.addAll(foreign(homework, node, table));
        if (findings.isEmpty()) {
            findings.add(
                    Finding.done("publication-done", node.node(), having.get(0).name(), table.toString()));
        }
        if (having.size() > 1) {
            findings.add(Finding.remark(
                    "published-twice",
                    node.node(),
                    table.toString(),
                    having.stream().map(PublicationFacts::name).collect(Collectors.joining(", "))));
        }
        return findings;
    }

    /** What a node has from others and sends on goes round in a circle, as soon as both do so. */
    private static List<Finding> foreign(SeenHomework homework, Survey node, TableName own) {
        List<Finding> findings = new ArrayList<>();
        for (SeenHomework.Shared shared : homework.shared()) {
            if (!shared.name().equals(own)) {
                node.publicationsOf(shared.name())
                        .forEach(publication -> findings.add(Finding.wrong(
                                publication.everything() ? "publishes-everything" : "loop",
                                node.node(),
                                publication.name(),
                                shared.name().toString(),
                                shared.owner().node(),
                                Sql.identifier(publication.name()),
                                Sql.table(shared.name()),
                                Sql.table(own))));
            }
        }
        return findings;
    }
}
