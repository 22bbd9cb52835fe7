package org.pgminicluster.report;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.pgminicluster.journal.Entry;
import org.pgminicluster.journal.Event;
import org.pgminicluster.journal.JournalReader;
import org.pgminicluster.journal.Trace;

/** A journal put in order for those who draw it. */
final class Run {

    private static final Pattern CREATE_SUBSCRIPTION =
            Pattern.compile("\\A\\s*CREATE\\s+SUBSCRIPTION\\s+\"?([^\"\\s]+)", Pattern.CASE_INSENSITIVE);

    /**
     * What happened under one heading.
     *
     * @param number from 1; 0 for what came before the first heading
     */
    record Chapter(int number, String title, String why, List<Entry> entries) {
        String anchor() {
            return "step-" + number;
        }

        double from() {
            return entries.isEmpty() ? 0 : entries.get(0).millis();
        }
    }

    /** An event of one kind with its entry. */
    record At<E extends Event>(Entry entry, E event) {
        double millis() {
            return entry.millis();
        }

        String node() {
            return String.valueOf(entry.node());
        }
    }

    private final JournalReader.Reading reading;
    private final List<Chapter> chapters;
    private final List<String> nodes;
    private final Map<String, List<At<Trace.Arrival>>> arrivals = new HashMap<>();
    private final Map<Long, At<Event.Sql>> statements = new HashMap<>();
    private final NavigableMap<Long, Chapter> chaptersBySeq = new TreeMap<>();
    private final Map<String, Double> subscribed = new HashMap<>();
    private final Map<String, Double> copiedStandbys = new HashMap<>();
    private final KnownLayout layout;
    private final List<Trace.Arrow> arrows;
    private final double start;
    private final double end;

    Run(JournalReader.Reading reading) {
        this.reading = reading;
        List<Entry> entries = reading.entries();
        this.chapters = chapters(entries);
        this.nodes = nodes(entries);
        this.start = entries.stream()
                .filter(entry -> entry.event() instanceof Event.Started)
                .findFirst()
                .or(() -> entries.stream().findFirst())
                .map(Entry::millis)
                .orElse(0.0);
        this.layout = new KnownLayout(of(Trace.Layout.class).map(At::event).toList());
        this.end = entries.isEmpty() ? 0 : entries.get(entries.size() - 1).millis();
        chapters.stream()
                .filter(chapter -> !chapter.entries().isEmpty())
                .forEach(chapter -> chaptersBySeq.put(chapter.entries().get(0).seq(), chapter));
        findStatements();
        findSubscriptions();
        arrows = findArrows();
        of(Trace.Arrival.class)
                .forEach(arrival -> arrivals.computeIfAbsent(
                                key(arrival.event().origin(), arrival.event().lsn()), key -> new ArrayList<>())
                        .add(arrival));
    }

    private void findStatements() {
        Map<String, At<Event.Sql>> last = new HashMap<>();
        for (Entry entry : entries()) {
            if (entry.event() instanceof Event.Sql sql) {
                last.put(String.valueOf(entry.node()), new At<>(entry, sql));
            } else if (entry.event() instanceof Trace.Commit && last.containsKey(String.valueOf(entry.node()))) {
                statements.put(entry.seq(), last.get(String.valueOf(entry.node())));
            }
        }
    }

    private static String key(String origin, String lsn) {
        return origin + " " + lsn;
    }

    private static List<Chapter> chapters(List<Entry> entries) {
        List<Chapter> chapters = new ArrayList<>();
        List<Entry> current = new ArrayList<>();
        chapters.add(new Chapter(0, "", "", current));
        for (Entry entry : entries) {
            if (entry.event() instanceof Event.Step step) {
                current = new ArrayList<>();
                chapters.add(new Chapter(chapters.size(), step.title(), step.why(), current));
            }
            current.add(entry);
        }
        return List.copyOf(chapters);
    }

    private static List<String> nodes(List<Entry> entries) {
        Set<String> nodes = new LinkedHashSet<>();
        for (Entry entry : entries) {
            if (entry.event() instanceof Event.Started started) {
                nodes.addAll(started.nodes());
            } else if (entry.event() instanceof Trace.Layout layout) {
                layout.members().forEach(member -> nodes.add(member.node()));
            } else if (entry.node() != null) {
                nodes.add(entry.node());
            }
        }
        return List.copyOf(nodes);
    }

    List<Entry> entries() {
        return reading.entries();
    }

    JournalReader.Reading reading() {
        return reading;
    }

    List<Chapter> chapters() {
        return chapters;
    }

    List<String> nodes() {
        return nodes;
    }

    /** When the servers ran, or the first thing happened; all times are shown from there. */
    double start() {
        return start;
    }

    double end() {
        return end;
    }

    /** All events of a kind in their order. */
    <E extends Event> Stream<At<E>> of(Class<E> kind) {
        return entries().stream()
                .filter(entry -> kind.isInstance(entry.event()))
                .map(entry -> new At<>(entry, kind.cast(entry.event())));
    }

    <E extends Event> Optional<E> first(Class<E> kind) {
        return of(kind).map(At::event).findFirst();
    }

    /** Where a commit has been seen to arrive. */
    List<At<Trace.Arrival>> arrivals(At<Trace.Commit> commit) {
        return arrivals.getOrDefault(key(commit.node(), commit.event().lsn()), List.of());
    }

    /**
     * Whether a change came with the first copy of a table, or with the base backup of a standby: it was committed before
     * the subscription or the standby was there.
     */
    boolean isCopied(At<Trace.Commit> commit, At<Trace.Arrival> arrival) {
        String from = arrival.event().from();
        String to = arrival.node();
        if (arrival.event().physical()) {
            return commit.millis() < copiedStandbys.getOrDefault(to, 0.0);
        }
        return arrows().stream()
                .filter(arrow -> !arrow.physical()
                        && arrow.from().equals(from)
                        && arrow.to().equals(to)
                        && carries(arrow, commit.event()))
                .findFirst()
                .map(arrow -> commit.millis() < subscribed.getOrDefault(key(to, arrow.name()), 0.0))
                .orElse(false);
    }

    private void findSubscriptions() {
        for (Entry entry : entries()) {
            String node = String.valueOf(entry.node());
            if (entry.event() instanceof Trace.Probe probe) {
                if (probe.state().equals("standby")) {
                    copiedStandbys.putIfAbsent(node, entry.millis());
                }
                probe.subscriptions()
                        .forEach(it -> subscribed.putIfAbsent(
                                key(node, it.name()), hasCopiedBefore(it) ? 0.0 : entry.millis()));
            } else if (entry.event() instanceof Event.Sql sql && !(sql.result() instanceof Event.Failed)) {
                Matcher created = CREATE_SUBSCRIPTION.matcher(sql.sql());
                if (created.find()) {
                    subscribed.putIfAbsent(key(node, created.group(1)), entry.millis() - sql.millis());
                }
            }
        }
    }

    /** One that is first seen with all its tables ready came with a promoted standby, and copies nothing. */
    private static boolean hasCopiedBefore(Trace.Subscription subscription) {
        return !subscription.tables().isEmpty() && subscription.allReady();
    }

    /** As it was planned, and as it was found if somebody has looked: people make more by hand. */
    Trace.Layout layout() {
        return new Trace.Layout(layout.members(), layout.planned());
    }

    /** The arrows that there are at the end, as far as is known. */
    List<Trace.Arrow> arrowsAtEnd() {
        return layout.atEnd(arrows).orElse(arrows);
    }

    /** The arrows of the layout, and those of subscriptions that were made by hand: their slots tell whom they follow. */
    List<Trace.Arrow> arrows() {
        return arrows;
    }

    private List<Trace.Arrow> findArrows() {
        Map<String, Trace.Arrow> found = new LinkedHashMap<>();
        layout().arrows().forEach(arrow -> found.put(arrow.to() + " " + arrow.name(), arrow));
        Map<String, String> publishers = new HashMap<>();
        of(Trace.Probe.class)
                .forEach(probe -> probe.event().slots().stream()
                        .filter(slot -> !slot.physical())
                        .forEach(slot -> publishers.putIfAbsent(slot.name(), probe.node())));
        of(Trace.Probe.class)
                .forEach(probe -> probe.event().subscriptions().forEach(subscription -> {
                    String publisher = publishers.get(String.valueOf(subscription.slot()));
                    if (publisher != null && !publisher.equals(probe.node())) {
                        found.putIfAbsent(
                                probe.node() + " " + subscription.name(),
                                new Trace.Arrow(
                                        publisher,
                                        probe.node(),
                                        false,
                                        subscription.name(),
                                        publicationsOf(subscription.name()),
                                        subscription.slot(),
                                        subscription.tables().stream()
                                                .map(table -> table.split("=")[0])
                                                .toList()));
                    }
                }));
        return found.values().stream().map(layout::described).toList();
    }

    /** A standby that was promoted has the subscriptions of its primary, under the same names. */
    private List<String> publicationsOf(String subscription) {
        return layout().arrows().stream()
                .filter(arrow -> arrow.name().equals(subscription))
                .findFirst()
                .map(Trace.Arrow::publications)
                .orElse(List.of());
    }

    /** What each node last said of itself before a moment. */
    Map<String, Trace.Probe> probesBefore(double millis) {
        Map<String, Trace.Probe> probes = new HashMap<>();
        for (Entry entry : entries()) {
            if (entry.millis() >= millis) {
                break;
            }
            if (entry.event() instanceof Trace.Probe probe && entry.node() != null) {
                probes.put(entry.node(), probe);
            }
        }
        return probes;
    }

    /** The chapter that an entry is in. */
    Chapter chapterOf(Entry entry) {
        Map.Entry<Long, Chapter> found = chaptersBySeq.floorEntry(entry.seq());
        return found == null ? chapters.get(0) : found.getValue();
    }

    /** The statement of the same node just before a commit. */
    Optional<At<Event.Sql>> statementOf(At<Trace.Commit> commit) {
        return Optional.ofNullable(statements.get(commit.entry().seq()));
    }

    /** How many of a kind there are that something holds for. */
    <E extends Event> long count(Class<E> kind, Function<E, Boolean> holds) {
        return of(kind).filter(it -> holds.apply(it.event())).count();
    }

    /** Whether a commit's change is to go along an arrow. */
    static boolean carries(Trace.Arrow arrow, Trace.Commit commit) {
        return arrow.physical()
                || arrow.tables().isEmpty()
                || arrow.tables().stream()
                        .anyMatch(table -> commit.tables().contains(table)
                                || table.equals("all tables")
                                || table.startsWith("schema "));
    }
}
