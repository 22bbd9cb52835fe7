package org.pgminicluster.speed;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.pgminicluster.server.ServerSettings;
import org.pgminicluster.speed.OurScenario.Streak;
import org.pgminicluster.speed.PlainScenario.Way;

/**
 * The homework scenario the plain way and ours, in turns. Nobody works in the background of another's turn: each waits
 * until the machine is quiet.
 */
final class ScenarioPart {

    private static final double QUIET = 0.1;
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final BenchSettings bench;
    private final Kinds kinds;
    private final Results results;
    private final Map<Way, List<Phases>> plain = new LinkedHashMap<>();
    private final Map<Way, List<Double>> plainCpu = new LinkedHashMap<>();
    private final Map<String, List<Streak>> ours = new LinkedHashMap<>();
    private int turns;
    private int disturbed;

    ScenarioPart(BenchSettings bench, Kinds kinds, Results results) {
        this.bench = bench;
        this.kinds = kinds;
        this.results = results;
    }

    private interface Turn {
        void take() throws SQLException;
    }

    void measure() throws SQLException {
        if (kinds.noEngine().isPresent()) {
            results.note("There is no container engine, so the plain way cannot be had and no ratio to it is given: "
                    + kinds.noEngine().get());
        } else {
            results.progress("scenario: each way once, not counted");
            for (Way way : Way.values()) {
                plainScenario(way).run();
            }
        }
        kinds.had().values().forEach(settings -> new OurScenario(settings).run());
        for (int round = 1; round <= bench.rounds(); round++) {
            List<Turn> order = turns(round);
            // Who comes after whom changes, in case it matters.
            if (round % 2 == 0) {
                Collections.reverse(order);
            }
            for (Turn turn : order) {
                turns++;
                if (Machine.awaitQuiet(QUIET, PATIENCE) > QUIET) {
                    disturbed++;
                }
                turn.take();
            }
        }
        Machine.awaitQuiet(QUIET, PATIENCE);
        if (disturbed > 0) {
            results.note("The machine was busy with something else before " + disturbed + " of " + turns
                    + " turns of the scenario: these figures are worth less.");
        }
        write();
    }

    private List<Turn> turns(int round) {
        List<Turn> turns = new ArrayList<>();
        if (kinds.noEngine().isEmpty()) {
            for (Way way : Way.values()) {
                turns.add(() -> {
                    Machine.Cpu before = Machine.cpu();
                    Phases run = plainScenario(way).run();
                    plainCpu.computeIfAbsent(way, it -> new ArrayList<>())
                            .add(Machine.cpu().minus(before).busySeconds());
                    plain.computeIfAbsent(way, it -> new ArrayList<>()).add(run);
                    results.progress("round " + round + ", Testcontainers " + name(way) + ": " + run);
                });
            }
        }
        kinds.had()
                .forEach((kind, settings) -> turns.add(() -> {
                    Streak streak = new OurScenario(settings).streak(bench.streak());
                    ours.computeIfAbsent(kind, it -> new ArrayList<>()).add(streak);
                    results.progress(
                            "round " + round + ", ours as " + kind + ": " + Phases.median(streak.others()) + ", first "
                                    + Figures.shown(streak.first().total()) + " ms, "
                                    + Figures.shown(streak.wholeCpuSeconds()) + " CPU-seconds");
                }));
        return turns;
    }

    private static PlainScenario plainScenario(Way way) {
        ServerSettings settings = Kinds.settings("container");
        String image = settings.isVersion() ? "postgres:" + settings.postgres() : settings.postgres();
        return new PlainScenario(way, image, settings.major().orElse(13));
    }

    private static String name(Way way) {
        return way.name().toLowerCase(Locale.ROOT);
    }

    private void write() {
        ObjectNode phases = results.object("phases");
        plain.forEach((way, runs) -> phases.set(name(way), Results.json(Phases.median(runs))));
        ours.forEach((kind, streaks) -> {
            List<Phases> ofRounds = streaks.stream()
                    .map(streak -> Phases.median(streak.others()))
                    .toList();
            phases.set(kind, Results.json(Phases.median(ofRounds)));
            write(results.object(kind), streaks);
        });
    }

    private void write(ObjectNode figures, List<Streak> streaks) {
        double our = Figures.median(streaks.stream()
                .map(streak -> Phases.medianTotal(streak.others()))
                .toList());
        plain.forEach((way, runs) -> {
            double millis = Phases.medianTotal(runs);
            String ratio = way == Way.PLAIN ? "ratio" : name(way) + "Ratio";
            Results.put(figures, name(way) + "Millis", millis);
            Results.put(figures, ratio, millis / our);
            Results.put(figures, name(way) + "CpuSeconds", Figures.median(plainCpu.getOrDefault(way, List.of())));
        });
        Results.put(figures, "ourMillis", our);
        Results.put(
                figures,
                "firstMillis",
                Figures.median(
                        streaks.stream().map(streak -> streak.first().total()).toList()));
        Results.put(
                figures,
                "streakMillis",
                Figures.median(streaks.stream().map(Streak::millis).toList()));
        Results.put(
                figures,
                "cpuSeconds",
                Figures.median(streaks.stream().map(Streak::wholeCpuSeconds).toList()));
        Results.put(
                figures,
                "ownCpuSeconds",
                Figures.median(streaks.stream().map(Streak::ownCpuSeconds).toList()));
    }
}
