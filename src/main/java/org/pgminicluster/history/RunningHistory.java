package org.pgminicluster.history;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.pgminicluster.cluster.MiniCluster;
import org.pgminicluster.cluster.Node;
import org.pgminicluster.history.HistoryEvent.Begun;
import org.pgminicluster.history.HistoryEvent.Copy;
import org.pgminicluster.history.HistoryEvent.Ended;
import org.pgminicluster.history.HistoryEvent.Expected;
import org.pgminicluster.history.HistoryTopology.Copied;
import org.pgminicluster.script.Slots;
import org.pgminicluster.state.SubscriptionState;

/** One run of a plan on a cluster, from the first look to the last. */
final class RunningHistory {

    private static final Duration WRITE = Duration.ofMillis(25);
    private static final Duration LOOK = Duration.ofMillis(50);
    private static final Duration BREAK = Duration.ofMillis(10);
    private static final Duration MOST = Duration.ofMinutes(3);
    private static final long WAL_BOUND = 256L << 20;

    private final HistoryTopology topology;
    private final Plan plan;
    private final MiniCluster cluster;
    private final TableSurvey survey;
    private final Recorder recorder = new Recorder();
    private final Progress progress = new Progress();
    private final Succession succession = new Succession();
    private final Operator operator;

    RunningHistory(HistoryTopology topology, Plan plan, MiniCluster cluster) {
        this.topology = topology;
        this.plan = plan;
        this.cluster = cluster;
        this.survey = TableSurvey.of(cluster, topology);
        this.operator = new Operator(cluster, topology, plan.acts(), recorder, progress, succession);
    }

    History history() {
        return recorder.history();
    }

    void run(FailoverStep.TakeOver takeOver, @Nullable Sabotage sabotage, Duration healBound) {
        Waiting waiting = topology.waiting();
        if (waiting != null) {
            waiting.begin(cluster);
        }
        String since = TableLook.now(topology.routes().get(0).origin().in(cluster));
        recorder.add(begun(healBound));
        survey.leftOut().forEach(recorder::add);
        try (Crew crew = new Crew()) {
            topology.copies().forEach(copy -> read(crew, copy));
            List<Ticks> work = new ArrayList<>();
            for (int i = 0; i < topology.routes().size(); i++) {
                work.add(write(crew, i));
            }
            topology.places().forEach(place -> work.addAll(forbid(crew, place)));
            Injector injector =
                    new Injector(cluster, topology, plan.faults(), operator, recorder, progress, afterFaults(takeOver));
            work.add(crew.add("injector", BREAK, injector, () -> {}));
            if (sabotage != null) {
                work.add(crew.add("sabotage", BREAK, () -> hasSabotaged(sabotage), () -> {}));
            }
            Duration most = MOST.plus(WRITE.multipliedBy(4L * plan.writes().size()));
            work.forEach(it -> it.await(most));
            injector.healAll();
            operator.enableAll();
            look(healBound, since);
            recorder.add(new Ended(recorder.now()));
        }
    }

    private Begun begun(Duration healBound) {
        return new Begun(
                plan.seed(),
                plan.profile(),
                topology.topology().name(),
                cluster.versions(),
                // Each subscription is waited for in its turn, first until it is copied and then until it has caught
                // up.
                2L * topology.copies().size() * healBound.toMillis(),
                WAL_BOUND,
                topology.routes().stream()
                        .map(Route::ledger)
                        .map(ledger -> ledger.writing(survey.tables(ledger).stream()
                                .map(KeyedTable::toString)
                                .toList()))
                        .toList(),
                topology.copies().stream()
                        .map(copy -> new Copy(copy.place().name(), copy.ledger().id(), copy.durable()))
                        .toList(),
                slots(topology.feeds()),
                traits());
    }

    private void read(Crew crew, Copied copy) {
        Reader reader = new Reader(copy.place().in(cluster), copy, recorder);
        crew.add("reader of " + copy.ledger().id() + " on " + copy.place(), LOOK, reader, reader::close);
    }

    private Ticks write(Crew crew, int number) {
        Route route = topology.routes().get(number);
        Ledger ledger = route.ledger();
        Writer writer = new Writer(
                route.origin().in(cluster),
                ledger,
                survey.tables(ledger).stream()
                        .map(table -> new ChangeSql(table, number))
                        .toList(),
                plan.writes().stream()
                        .filter(write -> write.ledger().equals(ledger.id()))
                        .toList(),
                recorder,
                progress);
        return crew.add("writer of " + ledger.id(), WRITE, writer, writer::close);
    }

    private List<Ticks> forbid(Crew crew, Site place) {
        List<Plan.ForbiddenWrite> attempts = plan.forbidden().stream()
                .filter(write -> write.node().equals(place.name()))
                .toList();
        if (attempts.isEmpty()) {
            return List.of();
        }
        ForbiddenWriter writer = new ForbiddenWriter(
                place.in(cluster), write -> readOnly(write.ledger(), place), attempts, recorder, progress);
        return List.of(crew.add("forbidden writer on " + place, BREAK, writer, writer::close));
    }

    private List<KeyedTable> readOnly(String ledger, Site place) {
        return topology.routes().stream()
                .map(Route::ledger)
                .filter(it -> it.id().equals(ledger))
                .flatMap(it -> survey.readOnly(it, place).stream())
                .toList();
    }

    private Ticks.Tick afterFaults(FailoverStep.TakeOver takeOver) {
        Plan.PlannedFailover failover = plan.failover();
        return failover == null
                ? () -> true
                : new FailoverStep(cluster, topology, failover, takeOver, operator, recorder, progress, succession);
    }

    private boolean hasSabotaged(Sabotage sabotage) {
        String first = topology.routes().get(0).ledger().id();
        if (!progress.isAt(first, sabotage.after())) {
            return false;
        }
        sabotage.act().accept(cluster);
        return true;
    }

    private static List<String> slots(List<Feed> feeds) {
        return feeds.stream()
                .map(feed -> feed.publisher().node() + "/" + feed.slot())
                .toList();
    }

    private List<String> traits() {
        List<String> traits = new ArrayList<>(topology.traits());
        if (topology.routes().stream()
                .flatMap(route -> survey.tables(route.ledger()).stream())
                .anyMatch(KeyedTable::isKeyless)) {
            traits.add(Tally.KEYLESS);
        }
        return traits;
    }

    private void look(Duration healBound, String since) {
        // After a failover they are on another node and have other slots.
        List<Feed> feeds = topology.feeds().stream().map(this::now).toList();
        recorder.add(new Expected(slots(feeds)));
        FinalLook look = new FinalLook(cluster, recorder, feeds);
        look.settle(healBound, standbys());
        look.kept(operator.loads());
        leftOver(look);
        for (Route route : topology.routes()) {
            List<Copied> copies = topology.copies().stream()
                    .filter(copy -> copy.ledger().equals(route.ledger())
                            && !progress.isGone(copy.place().node()))
                    .toList();
            look.ledger(route.origin(), route.ledger());
            copies.forEach(copy -> look.ledger(copy.place(), route.ledger()));
            survey.tables(route.ledger()).forEach(table -> look(look, route, table, copies, since));
            // What is copied has the time of its copy.
            operator.published(route).ifPresent(added -> look(look, route, added.keyed(), copies, ""));
        }
    }

    /** Of a subscription there is the slot that it uses, and one for each guarded standby of whoever has it. */
    private void leftOver(FinalLook look) {
        Set<String> known = new TreeSet<>();
        Set<String> needed = new TreeSet<>();
        topology.feeds().forEach(feed -> known.add(feed.slot()));
        for (Node node : cluster.nodes()) {
            Set<String> names = failoverSlots(node);
            known.addAll(names);
            if (standbys().contains(node.name())) {
                needed.addAll(names);
            }
        }
        look.leftOver(known, needed);
    }

    private Set<String> failoverSlots(Node node) {
        return topology.feeds().stream()
                .map(feed -> Slots.failover(
                        topology.topology(), node.name(), feed.subscriber().database(), feed.subscription()))
                .collect(Collectors.toSet());
    }

    private Feed now(Feed feed) {
        return succession.now(
                feed,
                succession
                        .now(feed.subscriber())
                        .in(cluster)
                        .currentSubscription(feed.subscription())
                        .flatMap(SubscriptionState::slot)
                        .orElse(feed.slot()));
    }

    /** The nodes that follow another to the last byte now. */
    private List<String> standbys() {
        return cluster.nodes().stream()
                .filter(node -> !progress.isGone(node.name())
                        && cluster.standbys()
                                .primaryOf(node)
                                .filter(primary -> !progress.isGone(primary))
                                .isPresent())
                .map(Node::name)
                .toList();
    }

    /** What is filtered anywhere is compared with what is left of it where it was written. */
    private void look(FinalLook look, Route route, KeyedTable table, List<Copied> copies, String since) {
        copies.stream()
                .map(copy -> view(route, table, copy))
                .distinct()
                .forEach(view -> look.table(route.origin(), route.ledger(), table, view, true, since));
        copies.forEach(copy -> look.table(
                copy.place(),
                route.ledger(),
                table,
                view(route, table, copy),
                copy.like().equals(route.origin()),
                operator.isCopied(copy.like(), copy.subscription()) ? "" : since));
    }

    private static TableView view(Route route, KeyedTable table, Copied copy) {
        return route.view(table, copy.like());
    }

    /** Those who are at work; they stop, and give back what they have, in reverse. */
    private static final class Crew implements AutoCloseable {

        private final Deque<Runnable> closing = new ArrayDeque<>();

        Ticks add(String name, Duration pace, Ticks.Tick tick, Runnable close) {
            closing.push(close);
            Ticks ticks = Ticks.start(name, pace, tick);
            closing.push(ticks::close);
            return ticks;
        }

        @Override
        public void close() {
            closing.forEach(Runnable::run);
        }
    }
}
