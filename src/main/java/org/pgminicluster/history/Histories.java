package org.pgminicluster.history;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;
import org.pgminicluster.MiniClusterException;
import org.pgminicluster.cluster.MiniCluster;
import org.pgminicluster.history.PlanTargets.Writing;
import org.pgminicluster.topology.Topology;

/**
 * Random histories of a topology of one's own. Each seed is a plan of writes, forbidden writes and faults: it is run on a
 * cluster of its own, what happened is recorded, and the record is judged by {@linkplain Invariant invariants}: nothing
 * that was acknowledged is lost, nothing is there twice, no transaction is torn, no write to a read-only copy gets through,
 * and more.
 *
 * <pre>{@code
 * @Test
 * void my_replication_survives() {
 *     Histories.of(topology).seeds(1, 2, 3).run();
 * }
 * }</pre>
 *
 * <p>The topology's own tables are written where they are published, neither guarded nor received, with rows that are made
 * up from the catalogs. With them travel two tables that are added to the topology, a counter and a table without a key,
 * which show whether transactions come in order, whole and once.
 *
 * <p>A seed determines the plan and not how servers happen to be scheduled: another run may take another course.
 */
@API(status = API.Status.EXPERIMENTAL)
public final class Histories {

    private static final Duration HEAL = Duration.ofSeconds(30);
    private static final Duration SHRINK = Duration.ofMinutes(2);

    private final Topology topology;
    private List<Long> seeds = List.of(1L, 2L, 3L);
    private @Nullable Profile profile;
    private @Nullable Path planFile;
    private int writes = PlanGenerator.WRITES;
    private @Nullable Integer faults;
    private Duration healBound = HEAL;
    private Duration shrinking = SHRINK;
    private String name;
    private @Nullable Consumer<MiniCluster> sabotage;
    private Function<Path, String> replay =
            file -> "Histories.of(topology).plan(Path.of(\"" + file.toString().replace("\\", "\\\\") + "\")).run()";

    private Histories(Topology topology) {
        this.topology = topology;
        this.name = topology.name() + "-history";
    }

    /** Histories of a topology; without more being said, of the seeds 1, 2 and 3. */
    public static Histories of(Topology topology) {
        return new Histories(topology);
    }

    /** One history for each of these seeds. */
    public Histories seeds(long first, long... more) {
        seeds = LongStream.concat(LongStream.of(first), LongStream.of(more))
                .boxed()
                .toList();
        return this;
    }

    /** As many histories, of this seed and those after it. */
    public Histories seedsFrom(long first, int count) {
        seeds = LongStream.range(first, first + positive("the number of seeds", count))
                .boxed()
                .toList();
        return this;
    }

    /** One history by the plan in a file, such as an earlier one has left, in place of plans from seeds. */
    public Histories plan(Path file) {
        planFile = file;
        return this;
    }

    /**
     * The kind of all histories. Without it each seed has {@linkplain Profile#of one}; {@link Profile#STANDBY} is then for
     * topologies with a guarded standby of a node that publishes nothing, since a plain one loses what it lacks.
     */
    public Histories profile(Profile kind) {
        profile = kind;
        return this;
    }

    /** How many transactions each writer has; by default 120, which take about five seconds without a fault. */
    public Histories writes(int transactions) {
        writes = positive("the number of transactions", transactions);
        return this;
    }

    /** How many faults there are, where the profile does not say it itself. */
    public Histories faults(int count) {
        faults = count == 0 ? 0 : positive("the number of faults", count);
        return this;
    }

    /** How long each subscription may take to catch up when all is healed; by default 30 s. */
    public Histories healBound(Duration atMost) {
        healBound = atMost;
        return this;
    }

    /** How long a shorter plan is looked for when one fails; by default two minutes. */
    public Histories shrinkFor(Duration atMost) {
        shrinking = atMost;
        return this;
    }

    /** A plan that fails is not run again. */
    public Histories withoutShrinking() {
        return shrinkFor(Duration.ZERO);
    }

    /** What the directories under {@code target/minicluster} begin with; by default the topology's name. */
    public Histories named(String directories) {
        name = directories;
        return this;
    }

    /**
     * Does something to every cluster once half of the first writer's transactions are through: to see that what it breaks
     * is found.
     */
    public Histories sabotage(Consumer<MiniCluster> act) {
        sabotage = act;
        return this;
    }

    Histories replayedBy(Function<Path, String> command) {
        replay = command;
        return this;
    }

    /**
     * Runs one history after the other, and returns them if all are passed.
     *
     * @throws HistoryFailedError of the first that is not: with what was violated, its seed and plan, how to run it again,
     *     and the shortest plan that still fails
     * @throws org.pgminicluster.topology.InvalidTopologyException if the topology has nothing that can be written, or what
     *     is written cannot be followed
     * @throws MiniClusterException if a cluster does not start, or a run does not come to its end
     */
    public List<HistoryResult> run() {
        List<HistoryResult> results = new ArrayList<>();
        plans().forEach(plan -> {
            HistoryResult result = result(plan);
            if (!result.isPassed()) {
                throw new HistoryFailedError(result);
            }
            results.add(result);
        });
        return results;
    }

    /** Runs all of them, and returns what they have come to, be they passed or not. */
    public List<HistoryResult> results() {
        return plans().map(this::result).toList();
    }

    private Stream<Plan> plans() {
        return planFile == null ? seeds.stream().map(this::plan) : Stream.of(fitting(Plan.readFrom(planFile)));
    }

    private Plan plan(long seed) {
        Profile kind = profile == null ? usual(seed) : profile;
        int count = faults == null ? kind.faults() : faults;
        PlanTargets targets = PlanTargets.of(HistoryTopology.of(topology, kind));
        return new PlanGenerator(seed, kind, targets, writes, count).plan();
    }

    private Profile usual(long seed) {
        Profile kind = Profile.of(seed);
        return kind == Profile.STANDBY
                        && Handover.in(topology).filter(Handover::guarded).isEmpty()
                ? Profile.FAULTS
                : kind;
    }

    /** Of another topology it would write nothing, or break what is not there. */
    private Plan fitting(Plan plan) {
        PlanTargets targets = PlanTargets.of(HistoryTopology.of(topology, plan.profile()));
        List<String> writers = targets.writers().stream().map(Writing::ledger).toList();
        boolean fits = plan.writes().stream().allMatch(write -> writers.contains(write.ledger()))
                && plan.faults().stream().allMatch(fault -> targets.nodes().containsAll(fault.nodes()));
        if (!fits) {
            throw new MiniClusterException("expected the plan in " + planFile + " to be one of topology \""
                    + topology.name() + "\", whose writers are " + writers + " and whose servers are "
                    + targets.nodes() + ", but was of another; give it the topology that it was drawn for");
        }
        return plan;
    }

    private HistoryResult result(Plan plan) {
        HistoryTopology history = HistoryTopology.of(topology, plan.profile());
        HistoryRunner runner = HistoryRunner.on(history, healBound)
                .sabotaged(sabotage == null ? null : new Sabotage(half(plan, history), sabotage));
        String directory = name + "-" + plan.seed() + "-" + plan.profile();
        HistoryRunner.Run run = run(runner, plan, directory);
        Verdict verdict = Oracle.judge(run.history());
        String explanation = verdict.isPassed()
                ? ""
                : new Investigation(
                                shorter -> Oracle.judge(run(runner, shorter, directory + "-again")
                                        .history()),
                                replay,
                                shrinking)
                        .explain(plan, verdict, run.directory());
        return new HistoryResult(plan, run.history(), verdict, run.directory(), explanation);
    }

    /** Of what is left of a plan that was made shorter. */
    private static int half(Plan plan, HistoryTopology history) {
        String first = history.routes().get(0).ledger().id();
        return (int) plan.writes().stream()
                        .filter(write -> write.ledger().equals(first))
                        .count()
                / 2;
    }

    private HistoryRunner.Run run(HistoryRunner runner, Plan plan, String directory) {
        try {
            return runner.run(plan, directory);
        } catch (MiniClusterException e) {
            throw new MiniClusterException(
                    "the history of seed " + plan.seed() + ", profile " + plan.profile() + ", of topology \""
                            + topology.name() + "\" did not come to its end: " + e.getMessage(),
                    e);
        }
    }

    private static int positive(String what, int number) {
        if (number < 1) {
            throw new MiniClusterException(
                    "expected " + what + " to be 1 or more, but was " + number + "; give it another");
        }
        return number;
    }
}
