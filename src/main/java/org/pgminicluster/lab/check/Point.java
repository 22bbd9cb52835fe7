package org.pgminicluster.lab.check;

import java.util.Comparator;
import java.util.List;
import org.pgminicluster.lab.lesson.Texts;

/**
 * One line of what is to be done, and what was seen of it.
 *
 * @param id its kind; points of several nodes share it
 * @param values what its texts have places for, a node first if it is about one
 * @param findings at least one
 */
public record Point(String id, List<String> values, List<Finding> findings) {

    public Point {
        values = List.copyOf(values);
        findings = List.copyOf(findings);
        if (findings.isEmpty()) {
            throw new IllegalArgumentException("expected the point " + id + " to have findings, but it has none");
        }
    }

    /** The worst of its findings; a remark takes nothing away. */
    public Judgement verdict() {
        Judgement worst = findings.stream()
                .map(Finding::verdict)
                .max(Comparator.naturalOrder())
                .orElse(Judgement.WRONG);
        return worst == Judgement.REMARK ? Judgement.DONE : worst;
    }

    public String title(Texts texts) {
        return texts.get("point." + id, values.toArray());
    }

    /** Why it matters. */
    public String why(Texts texts) {
        return texts.get("point." + id + ".why", values.toArray());
    }
}
