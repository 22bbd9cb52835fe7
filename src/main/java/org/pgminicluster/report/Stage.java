package org.pgminicluster.report;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.pgminicluster.journal.Entry;
import org.pgminicluster.journal.Event;
import org.pgminicluster.journal.Row;
import org.pgminicluster.journal.Trace;
import org.pgminicluster.report.Run.Chapter;

/**
 * What a script shows of a run, moment by moment: the picture of the cluster, and what small tables held. Each moment has
 * what is other than before it.
 *
 * @param svg the picture, whose states the moments say
 */
record Stage(String svg, List<Moment> moments, List<Held> contents) {

    private static final int MOST = 240;
    private static final int MOST_LETTERS = 160;

    /**
     * Something that was done, and how it was just before the next.
     *
     * @param at since the start
     * @param kind sql, refused, wait, fault, good, bad or step
     * @param anchor of its chapter
     * @param nodes by name their tone and text
     * @param arrows by number their tone and text
     * @param rows by table and node, which of the contents it holds
     */
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    record Moment(
            String at,
            String kind,
            @Nullable String node,
            String text,
            String anchor,
            Map<String, List<String>> nodes,
            Map<Integer, List<String>> arrows,
            Map<String, Integer> rows) {}

    /** What a table holds: the first rows, and how many there are. */
    record Held(List<String> columns, List<List<@Nullable String>> rows, long count) {}

    /** What is told of, before it is known how things stood then. */
    private record Told(Entry entry, String kind, String text) {}

    /** Empty if nothing was recorded that could be shown. */
    static Optional<Stage> of(Run run, Labels labels) {
        List<Told> told = told(run, labels);
        if (told.size() < 2
                || run.nodes().isEmpty()
                || run.first(Trace.Probe.class).isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new Director(run, labels).direct(told));
    }

    private static List<Told> told(Run run, Labels labels) {
        List<Told> told = new ArrayList<>();
        for (Entry entry : run.entries()) {
            Event event = entry.event();
            if (event instanceof Event.Step step) {
                told.add(new Told(entry, "step", step.title()));
            } else if (event instanceof Event.Sql sql) {
                told.add(new Told(
                        entry,
                        sql.result() instanceof Event.Failed ? "refused" : "sql",
                        sql.sql().strip()));
            } else if (event instanceof Event.Fault fault) {
                String phase = labels.get("fault." + fault.phase().name().toLowerCase(Locale.ROOT));
                told.add(new Told(entry, "fault", phase + ": " + labels.say(fault.what())));
            } else if (event instanceof Event.TakenOver takenOver) {
                told.add(new Told(
                        entry, "fault", labels.get("gone.replaced", takenOver.from(), String.valueOf(entry.node()))));
            } else if (event instanceof Event.Wait wait) {
                told.add(new Told(
                        entry,
                        wait.met() ? "wait" : "bad",
                        labels.get(
                                "steps.waited",
                                labels.millis(wait.millis()),
                                labels.say(wait.what().words()))));
            } else if (event instanceof Event.Check check) {
                told.add(new Told(entry, check.held() ? "good" : "bad", check.claim()));
            }
        }
        return few(told);
    }

    /** Begin and end of a long run matter most; that one waited, least. */
    private static List<Told> few(List<Told> all) {
        List<Told> told = all.size() <= MOST
                ? all
                : all.stream().filter(it -> !it.kind().equals("wait")).toList();
        if (told.size() <= MOST) {
            return told;
        }
        List<Told> few = new ArrayList<>(told.subList(0, MOST / 2));
        few.addAll(told.subList(told.size() - MOST / 2, told.size()));
        return few;
    }

    /** Goes through a run once, from moment to moment. */
    private static final class Director {
        private final Run run;
        private final Labels labels;
        private final List<Trace.Arrow> arrows;
        private final TopologyPicture picture;
        private final Map<String, Trace.Probe> probes = new HashMap<>();
        private final List<Held> contents = new ArrayList<>();
        private final Map<String, Integer> held = new LinkedHashMap<>();
        private final Map<String, List<String>> nodesShown = new HashMap<>();
        private final Map<Integer, List<String>> arrowsShown = new HashMap<>();
        private final Map<String, Integer> rowsShown = new HashMap<>();
        private final Set<String> standbys = new HashSet<>();
        private int next;

        Director(Run run, Labels labels) {
            this.run = run;
            this.labels = labels;
            this.arrows = run.arrows();
            this.picture = new TopologyPicture(run, arrows, labels);
        }

        Stage direct(List<Told> told) {
            List<Moment> moments = new ArrayList<>();
            String svg = picture.draw(new Frame(Map.of(), labels), labels.get("time.title"));
            for (int i = 0; i < told.size(); i++) {
                long until = i + 1 < told.size() ? told.get(i + 1).entry().seq() : Long.MAX_VALUE;
                hearUntil(until);
                moments.add(moment(told.get(i)));
            }
            return new Stage(svg, moments, contents);
        }

        private void hearUntil(long seq) {
            List<Entry> entries = run.entries();
            for (; next < entries.size() && entries.get(next).seq() < seq; next++) {
                Entry entry = entries.get(next);
                String node = String.valueOf(entry.node());
                if (entry.event() instanceof Trace.Probe probe) {
                    probes.put(node, probe);
                    if (probe.state().equals("standby")) {
                        standbys.add(node);
                    }
                } else if (entry.event() instanceof Trace.Contents now) {
                    held.put(now.table() + " " + node, contents.size());
                    contents.add(new Held(
                            now.rows().columns(),
                            now.rows().values().stream().map(Row::values).toList(),
                            now.count()));
                }
            }
        }

        private Moment moment(Told told) {
            Frame frame = new Frame(probes, labels, standbys::contains);
            Map<String, List<String>> nodes = new LinkedHashMap<>();
            run.nodes()
                    .forEach(node -> nodes.put(node, List.of(tone(frame.node(node)), picture.stateText(node, frame))));
            Map<Integer, List<String>> states = new LinkedHashMap<>();
            for (int i = 0; i < arrows.size(); i++) {
                states.put(i, List.of(tone(frame.arrow(arrows.get(i))), picture.said(i, frame)));
            }
            Chapter chapter = run.chapterOf(told.entry());
            return new Moment(
                    labels.since(told.entry().millis() - run.start()),
                    told.kind(),
                    told.entry().node(),
                    TopologyPicture.shorten(told.text(), MOST_LETTERS),
                    chapter.anchor(),
                    news(nodes, nodesShown),
                    news(states, arrowsShown),
                    news(held, rowsShown));
        }

        private static String tone(Frame.State state) {
            return state.tone().name().toLowerCase(Locale.ROOT);
        }

        private static <K, V> Map<K, V> news(Map<K, V> now, Map<K, V> shown) {
            Map<K, V> news = new LinkedHashMap<>();
            now.forEach((key, value) -> {
                if (!Objects.equals(shown.put(key, value), value)) {
                    news.put(key, value);
                }
            });
            return news;
        }
    }
}
