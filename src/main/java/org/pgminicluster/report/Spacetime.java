package org.pgminicluster.report;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.pgminicluster.journal.Event;
import org.pgminicluster.journal.Trace;
import org.pgminicluster.report.Run.At;

/** What the spacetime picture shows: commits, their ways, and faults; the same for SVG and Mermaid. */
final class Spacetime {

    private static final int MOST_COMMITS = 40;
    private static final int MOST_FAULTS = 30;

    /** A change on its way from one lane to another; it has not arrived if that is not known. */
    record Way(
            String from, double left, String to, @Nullable Double arrived, boolean physical, boolean copied) {}

    /** A commit and its ways. */
    record Dot(At<Trace.Commit> commit, List<Way> ways) {
        boolean lost() {
            return ways.stream().anyMatch(way -> way.arrived() == null);
        }
    }

    /** A fault from its begin to its end. */
    record Bar(String node, String what, double from, double to, boolean lasts) {

        /** With the node, where it is not said already. */
        String whatAndWhere() {
            return what.contains(node) ? what : node + ": " + what;
        }
    }

    private final Run run;
    private final Labels labels;
    private final List<Trace.Arrow> arrows;
    private final Absences absences;
    private final List<Dot> dots = new ArrayList<>();
    private final List<Bar> bars;
    private final int commits;

    Spacetime(Run run, Labels labels) {
        this.run = run;
        this.labels = labels;
        this.arrows = run.arrows();
        this.absences = new Absences(run, labels);
        List<Dot> all = run.of(Trace.Commit.class)
                .map(commit -> new Dot(commit, ways(commit)))
                .toList();
        this.commits = all.size();
        Set<Dot> shown = new HashSet<>();
        all.stream().filter(Dot::lost).limit(MOST_COMMITS / 2).forEach(shown::add);
        all.stream().limit(Math.max(0, MOST_COMMITS - shown.size())).forEach(shown::add);
        all.stream().filter(shown::contains).forEach(dots::add);
        this.bars = bars();
    }

    private List<Way> ways(At<Trace.Commit> commit) {
        List<Way> ways = new ArrayList<>();
        Map<String, Double> held = new HashMap<>();
        held.put(commit.node(), commit.millis());
        List<At<Trace.Arrival>> arrivals = run.arrivals(commit);
        for (At<Trace.Arrival> arrival : arrivals) {
            held.put(arrival.node(), arrival.millis());
        }
        for (At<Trace.Arrival> arrival : arrivals) {
            String from = arrival.event().from();
            ways.add(new Way(
                    from,
                    held.getOrDefault(from, commit.millis()),
                    arrival.node(),
                    arrival.millis(),
                    arrival.event().physical(),
                    run.isCopied(commit, arrival)));
        }
        Set<String> waitedFor = new HashSet<>(held.keySet());
        arrows.stream()
                .filter(arrow -> expected(arrow, commit, held.keySet()))
                .filter(arrow -> absences.why(arrow, commit).isEmpty())
                // By whichever way it came, it is there; and one that is missing is missing once.
                .filter(arrow -> waitedFor.add(arrow.to()))
                .forEach(arrow -> ways.add(new Way(
                        arrow.from(),
                        held.getOrDefault(arrow.from(), commit.millis()),
                        arrow.to(),
                        null,
                        arrow.physical(),
                        false)));
        return ways;
    }

    /** A subscriber does not pass on what it received, but its standby gets all. */
    private static boolean expected(Trace.Arrow arrow, At<Trace.Commit> commit, Set<String> holders) {
        return arrow.physical()
                ? holders.contains(arrow.from())
                : arrow.from().equals(commit.node()) && Run.carries(arrow, commit.event());
    }

    private List<Bar> bars() {
        List<Bar> found = new ArrayList<>();
        Map<List<Object>, At<Event.Fault>> open = new HashMap<>();
        run.of(Event.Fault.class).forEach(fault -> {
            List<Object> key = List.of(fault.node(), fault.event().facts());
            switch (fault.event().phase()) {
                case DONE -> found.add(bar(fault, fault.millis(), false));
                case OPENED -> open.put(key, fault);
                case HEALED -> {
                    At<Event.Fault> opened = open.remove(key);
                    found.add(bar(opened == null ? fault : opened, fault.millis(), true));
                }
            }
        });
        open.values().forEach(fault -> found.add(bar(fault, run.end(), true)));
        return found.stream()
                .sorted((a, b) -> Double.compare(a.from(), b.from()))
                .limit(MOST_FAULTS)
                .toList();
    }

    private Bar bar(At<Event.Fault> fault, double end, boolean lasts) {
        return new Bar(fault.node(), labels.say(fault.event().what()), fault.millis(), end, lasts);
    }

    List<String> lanes() {
        return run.nodes();
    }

    List<Dot> dots() {
        return dots;
    }

    List<Bar> faults() {
        return bars;
    }

    /** How many commits there were, shown or not. */
    int commits() {
        return commits;
    }

    double sinceStart(double millis) {
        return millis - run.start();
    }

    boolean isEmpty() {
        return dots.isEmpty() || lanes().size() < 2;
    }

    /** What a commit was, such as {@code INSERT test}. */
    static String caption(Dot dot) {
        Trace.Commit commit = dot.commit().event();
        return commit.operation() + " " + String.join(", ", commit.tables());
    }

    /** The statement behind a commit. */
    String statement(Dot dot) {
        return run.statementOf(dot.commit()).map(sql -> sql.event().sql()).orElse(caption(dot));
    }

    /** Everything's moments in order, to give each its height. */
    List<Double> moments() {
        return Stream.concat(
                        dots.stream()
                                .flatMap(dot -> Stream.concat(
                                        Stream.of(dot.commit().millis()),
                                        dot.ways().stream().flatMap(way -> Stream.ofNullable(way.arrived())))),
                        bars.stream().flatMap(bar -> Stream.of(bar.from(), bar.to())))
                .sorted()
                .toList();
    }
}
