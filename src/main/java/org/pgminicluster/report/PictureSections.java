package org.pgminicluster.report;

import java.util.ArrayList;
import java.util.List;
import org.pgminicluster.report.Block.Cell;
import org.pgminicluster.report.Block.Text;
import org.pgminicluster.report.Block.Tone;
import org.pgminicluster.report.Document.Section;
import org.pgminicluster.report.Lag.Series;

/** The spacetime picture and the lag over time. */
final class PictureSections {

    private static final int MOST_SERIES = 12;

    private final Run run;
    private final Spacetime spacetime;
    private final Labels labels;

    PictureSections(Run run, Spacetime spacetime, Labels labels) {
        this.run = run;
        this.spacetime = spacetime;
        this.labels = labels;
    }

    Section spacetime() {
        List<Block> blocks = new ArrayList<>();
        if (!spacetime.isEmpty()) {
            SpacetimePicture picture = new SpacetimePicture(spacetime, labels);
            blocks.add(new Block.Picture(
                    picture.draw(labels.get("spacetime.title")), picture.mermaid(), labels.get("spacetime.caption")));
            if (spacetime.dots().size() < spacetime.commits()) {
                blocks.add(new Text(
                        Tone.SMALL, labels.get("capped", spacetime.dots().size(), spacetime.commits())));
            }
        }
        return new Section("spacetime", labels.get("spacetime.title"), labels.get("spacetime.lead"), blocks);
    }

    Section lag() {
        List<Block> blocks = new ArrayList<>();
        List<Series> all = Lag.of(run);
        List<Series> series = all.stream().limit(MOST_SERIES).toList();
        if (!series.isEmpty()) {
            String title = labels.get("lag.title");
            LagPicture picture = new LagPicture(series, run, spacetime.faults(), labels);
            blocks.add(new Block.Picture(
                    picture.draw(title, labels.get("lag.description", series.size())),
                    null,
                    labels.get("lag.caption")));
            List<List<Cell>> rows = new ArrayList<>();
            for (int i = 0; i < series.size(); i++) {
                Series one = series.get(i);
                rows.add(List.of(
                        Cell.of(LagPicture.sign(i) + " " + one.name()),
                        Cell.of(labels.bytes(one.peak())),
                        Cell.of(labels.bytes(one.last())),
                        Cell.of(labels.bytes(one.retained())),
                        Cell.of(LagPicture.sparkline(one))));
            }
            blocks.add(new Block.Table(
                    "",
                    List.of(
                            labels.get("lag.slot"),
                            labels.get("lag.peak"),
                            labels.get("lag.last"),
                            labels.get("lag.retained"),
                            labels.get("lag.course")),
                    rows));
            if (all.size() > MOST_SERIES) {
                blocks.add(new Text(Tone.SMALL, labels.get("capped", MOST_SERIES, all.size())));
            }
        }
        return new Section("lag", labels.get("lag.title"), labels.get("lag.lead"), blocks);
    }
}
