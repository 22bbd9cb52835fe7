package org.pgminicluster.lab.check;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.pgminicluster.script.Sql;
import org.pgminicluster.state.SubscriptionState;
import org.pgminicluster.state.SyncState;

/** The rows that were there before, and those that are written now. */
final class RowPoints {

    private RowPoints() {}

    static List<Point> before(SeenHomework homework, Evidence evidence) {
        List<Point> points = new ArrayList<>();
        for (SeenHomework.Shared shared : homework.shared()) {
            points.add(new Point(
                    "before",
                    List.of(shared.name().toString(), shared.owner().node()),
                    before(homework, shared, evidence)));
        }
        return points.isEmpty()
                ? List.of(new Point("before-any", List.of(), List.of(Finding.notYet("before-later"))))
                : points;
    }

    private static List<Finding> before(SeenHomework homework, SeenHomework.Shared shared, Evidence evidence) {
        String table = shared.name().toString();
        List<Finding> findings = new ArrayList<>();
        List<String> same = new ArrayList<>();
        RowComparison last = new RowComparison(0, 0, 0, true);
        for (Survey copy : List.of(shared.copy(), homework.vm3())) {
            Optional<RowComparison> comparison = evidence.comparison(copy, shared.name());
            if (comparison.isEmpty()) {
                continue;
            }
            last = comparison.get();
            if (last.isEqual()) {
                same.add(copy.node());
            } else {
                findings.add(differing(homework, shared, copy, last));
            }
        }
        boolean compared = evidence.comparison(shared.copy(), shared.name()).isPresent();
        if (!compared) {
            boolean subscribed = !homework.bringing(shared, shared.copy()).isEmpty();
            boolean small = shared.copy()
                    .table(shared.name())
                    .filter(TableFacts::isSmall)
                    .isPresent();
            findings.add(
                    subscribed
                            ? Finding.untold(
                                    small ? "before-right" : "before-untold",
                                    shared.copy().node(),
                                    table)
                            : Finding.notYet(
                                    "before-unsubscribed", shared.copy().node(), table));
        } else if (last.compared() == 0 && findings.isEmpty()) {
            findings.add(Finding.notYet("before-empty", shared.owner().node(), table, Sql.table(shared.name())));
        } else if (!same.isEmpty()) {
            findings.add(
                    0,
                    Finding.done(
                            last.whole() ? "before-done" : "before-ends",
                            table,
                            String.join(", ", same),
                            Integer.toString(last.compared()),
                            shared.owner().node()));
        }
        return findings;
    }

    private static Finding differing(
            SeenHomework homework, SeenHomework.Shared shared, Survey copy, RowComparison rows) {
        String table = shared.name().toString();
        long backlog = homework.backlog(shared, copy);
        if (backlog > 0) {
            return Finding.notYet("before-behind", copy.node(), table, Long.toString(backlog));
        }
        boolean uncopied = homework.bringing(shared, copy).stream()
                .map(SubscriptionLink::subscription)
                .anyMatch(it -> isUncopied(it, shared));
        if (rows.missing() > 0) {
            return Finding.wrong(
                    uncopied ? "copy-data-false" : "rows-missing",
                    copy.node(),
                    table,
                    Integer.toString(rows.missing()),
                    shared.owner().node(),
                    Integer.toString(rows.compared()));
        }
        return Finding.wrong(
                "rows-extra",
                copy.node(),
                table,
                Integer.toString(rows.extra()),
                shared.owner().node());
    }

    /** A table that was never copied has no position at which its copy was ready. */
    private static boolean isUncopied(SubscriptionState subscription, SeenHomework.Shared shared) {
        return subscription
                .table(shared.name())
                .filter(it -> it.state() == SyncState.READY && it.since() == null)
                .isPresent();
    }

    static List<Point> arrives(SeenHomework homework, Evidence evidence) {
        List<Point> points = new ArrayList<>();
        for (SeenHomework.Shared shared : homework.shared()) {
            List<Finding> seen = evidence.arrival(shared.name());
            points.add(new Point(
                    "arrives",
                    List.of(shared.owner().node(), shared.name().toString()),
                    seen.isEmpty() ? List.of(unseen(homework, shared, evidence)) : seen));
        }
        return points.isEmpty()
                ? List.of(new Point("arrives-any", List.of(), List.of(Finding.notYet("arrives-later"))))
                : points;
    }

    private static Finding unseen(SeenHomework homework, SeenHomework.Shared shared, Evidence evidence) {
        boolean streams =
                homework.bringing(shared, shared.copy()).stream().anyMatch(link -> link.streams(shared.name()));
        return streams && evidence.isReadOnly()
                ? Finding.untold(
                        "arrives-read-only",
                        shared.owner().node(),
                        shared.name().toString())
                : Finding.notYet(
                        "arrives-unsubscribed",
                        shared.copy().node(),
                        shared.name().toString());
    }
}
