package org.pgminicluster.lab.check;

import java.util.List;

/**
 * What a check has come to.
 *
 * @param readOnly whether nothing was to be written
 * @param written whether anything was, which was taken back
 */
public record CheckResult(List<Point> points, boolean readOnly, boolean written) {

    public CheckResult {
        points = List.copyOf(points);
    }

    /** Whether all is done; remarks are no objection. */
    public boolean isDone() {
        return count(Judgement.DONE) == points.size();
    }

    /** How many points are so. */
    public long count(Judgement verdict) {
        return points.stream().filter(point -> point.verdict() == verdict).count();
    }

    /** How many remarks there are. */
    public long remarks() {
        return points.stream()
                .flatMap(point -> point.findings().stream())
                .filter(finding -> finding.verdict() == Judgement.REMARK)
                .count();
    }
}
