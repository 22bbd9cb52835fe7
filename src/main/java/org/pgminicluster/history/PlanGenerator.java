package org.pgminicluster.history;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.pgminicluster.history.Plan.Attempt;
import org.pgminicluster.history.Plan.Change;
import org.pgminicluster.history.Plan.FaultKind;
import org.pgminicluster.history.Plan.ForbiddenWrite;
import org.pgminicluster.history.Plan.PlannedFailover;
import org.pgminicluster.history.Plan.PlannedFault;
import org.pgminicluster.history.Plan.Write;

/** Draws a plan. Knows no cluster; {@link Random} draws the same numbers on every JVM. */
final class PlanGenerator {

    /** Enough to go on while all faults come and go. */
    private static final int WRITES = 120;

    private static final int FIRST_FAULT = 8;
    private static final int FORBIDDEN = 12;
    private static final int FAILOVER = 75;
    private static final List<String> NODES = List.of("vm1", "vm2", "vm3");
    private static final List<List<String>> LINKS =
            List.of(List.of("vm1", "vm3"), List.of("vm2", "vm3"), List.of("vm1", "vm2"), List.of("vm2", "vm1"));

    /** Where a standby is, it and its primary are what matters. */
    private static final List<String> PAIR = List.of("vm3", "vm4");

    private static final List<List<String>> LINKS_OF_PAIR =
            List.of(List.of("vm3", "vm4"), List.of("vm3", "vm4"), List.of("vm1", "vm3"), List.of("vm2", "vm3"));

    private static final Map<FaultKind, Integer> FAULTS_OF_PAIR = new TreeMap<>(Map.of(
            FaultKind.KILL, 3,
            FaultKind.STOP_IMMEDIATE, 1,
            FaultKind.PAUSE, 2,
            FaultKind.PAUSE_THEN_KILL, 2,
            FaultKind.CUT, 4,
            FaultKind.STALL, 3));

    private static final Map<Change, Integer> CHANGES = new TreeMap<>(Map.of(
            Change.INSERT, 30,
            Change.UPDATE, 20,
            Change.KEY_CHANGE, 10,
            Change.DELETE, 12,
            Change.TRUNCATE, 1,
            Change.LARGE, 2,
            Change.SAVEPOINT, 10,
            Change.ROLLBACK, 8,
            Change.CANARY_ONLY, 7));

    /** By what has found something before: kills, freezes, and what happens to walsenders. */
    private static final Map<FaultKind, Integer> FAULTS = new TreeMap<>(Map.ofEntries(
            Map.entry(FaultKind.KILL, 4),
            Map.entry(FaultKind.STOP_FAST, 1),
            Map.entry(FaultKind.STOP_IMMEDIATE, 2),
            Map.entry(FaultKind.PAUSE, 2),
            Map.entry(FaultKind.PAUSE_THEN_KILL, 2),
            Map.entry(FaultKind.ISOLATE, 1),
            Map.entry(FaultKind.CUT, 3),
            Map.entry(FaultKind.STALL, 3),
            Map.entry(FaultKind.SLOW, 1),
            Map.entry(FaultKind.TERMINATE_WALSENDER, 3),
            Map.entry(FaultKind.TERMINATE_APPLY_WORKER, 2)));

    /** These wait for other nodes, or disturb all of them. */
    private static final Set<FaultKind> ALONE = Set.of(FaultKind.STOP_FAST, FaultKind.ISOLATE, FaultKind.SLOW);

    private final long seed;
    private final Profile profile;
    private final Random random;

    PlanGenerator(long seed, Profile profile) {
        this.seed = seed;
        this.profile = profile;
        // Seeds that follow each other would begin with numbers that are alike.
        this.random = new Random(seed * 0x9E3779B97F4A7C15L + profile.ordinal());
    }

    Plan plan() {
        List<Write> writes = new ArrayList<>();
        for (Source source : Source.values()) {
            for (int op = 1; op <= WRITES; op++) {
                Change change = drawn(CHANGES);
                // Before 14 a replicated TRUNCATE never ends when its commit waits for a subscription.
                boolean hangs = change == Change.TRUNCATE && profile == Profile.WAITING;
                int rows = 1 + random.nextInt(random.nextInt(10) == 0 ? 50 : 5);
                writes.add(new Write(source, op, hangs ? Change.INSERT : change, rows));
            }
        }
        return new Plan(seed, profile, writes, forbidden(), plannedFaults(), isOfPair() ? failover() : null);
    }

    private List<PlannedFault> plannedFaults() {
        return switch (profile) {
            case SWIZZLE -> swizzled();
            case WAITING -> killedWhileWaiting();
            case CALM, FAULTS, DURABLE, STANDBY -> faults();
        };
    }

    private boolean isOfPair() {
        return profile == Profile.STANDBY;
    }

    private PlannedFailover failover() {
        return new PlannedFailover(
                random.nextBoolean() ? FaultKind.KILL : FaultKind.PAUSE_THEN_KILL,
                one(Arrays.asList(Source.values())),
                FAILOVER,
                lasts());
    }

    private List<ForbiddenWrite> forbidden() {
        List<ForbiddenWrite> forbidden = new ArrayList<>();
        for (int i = 0; i < FORBIDDEN; i++) {
            Source source = one(Arrays.asList(Source.values()));
            List<String> copies = Stream.concat(NODES.stream(), isOfPair() ? Stream.of("vm4") : Stream.of())
                    .filter(node -> !node.equals(source.publisher()))
                    .toList();
            forbidden.add(new ForbiddenWrite(
                    one(copies), source, one(Arrays.asList(Attempt.values())), 1 + i * WRITES / FORBIDDEN));
        }
        return forbidden;
    }

    private List<PlannedFault> faults() {
        List<PlannedFault> faults = new ArrayList<>();
        for (int i = 0; i < profile.faults(); i++) {
            FaultKind kind = drawn(isOfPair() ? FAULTS_OF_PAIR : FAULTS);
            List<String> where =
                    kind.isOfLink() ? one(isOfPair() ? LINKS_OF_PAIR : LINKS) : List.of(one(isOfPair() ? PAIR : NODES));
            PlannedFault fault = new PlannedFault(
                    i + 1,
                    kind,
                    where.get(0),
                    kind.isOfLink() ? where.get(1) : "",
                    one(Arrays.asList(Source.values())),
                    begin(i),
                    lasts(),
                    false);
            boolean overlapping = i > 0 && random.nextInt(3) > 0 && mayOverlap(faults.get(i - 1), fault);
            faults.add(overlapping ? overlapping(faults.get(i - 1), fault) : fault);
        }
        return faults;
    }

    /** Two at a time at most, and never two that touch the same node: their proofs would be in each other's way. */
    private static boolean mayOverlap(PlannedFault first, PlannedFault second) {
        return !first.overlapping()
                && !ALONE.contains(first.faultKind())
                && !ALONE.contains(second.faultKind())
                && Collections.disjoint(first.nodes(), second.nodes());
    }

    /** Begins soon after the other, by a clock that the other does not stop. */
    private static PlannedFault overlapping(PlannedFault first, PlannedFault second) {
        Source anchor = Arrays.stream(Source.values())
                .filter(source -> !first.nodes().contains(source.publisher()))
                .findFirst()
                .orElse(second.anchor());
        return new PlannedFault(
                second.id(),
                second.faultKind(),
                second.node(),
                second.peer(),
                anchor,
                first.after() + 4,
                second.lastsMillis(),
                true);
    }

    private List<PlannedFault> swizzled() {
        List<List<String>> links = new ArrayList<>(LINKS);
        Collections.shuffle(links, random);
        List<PlannedFault> faults = new ArrayList<>();
        for (int i = 0; i < links.size(); i++) {
            faults.add(new PlannedFault(
                    i + 1,
                    FaultKind.CUT,
                    links.get(i).get(0),
                    links.get(i).get(1),
                    Source.N1,
                    FIRST_FAULT + 8 * i,
                    // Long enough that all are cut at once, and in any order.
                    1500 + random.nextInt(1500),
                    i > 0));
        }
        return faults;
    }

    /** Twice: vm3 is cut from vm1, whose next commit waits for it, and vm1 is killed. */
    private List<PlannedFault> killedWhileWaiting() {
        List<PlannedFault> faults = new ArrayList<>();
        for (int i = 0; i < profile.faults(); i += 2) {
            int begin = begin(i);
            faults.add(new PlannedFault(
                    i + 1, FaultKind.CUT, "vm1", "vm3", Source.N2, begin, 600 + random.nextInt(600), false));
            faults.add(new PlannedFault(
                    i + 2,
                    random.nextBoolean() ? FaultKind.KILL : FaultKind.STOP_IMMEDIATE,
                    "vm1",
                    "",
                    Source.N2,
                    begin + 12,
                    lasts(),
                    true));
        }
        return faults;
    }

    private int begin(int fault) {
        int span = ((isOfPair() ? FAILOVER : WRITES) - 2 * FIRST_FAULT) / Math.max(1, profile.faults());
        return FIRST_FAULT + fault * span + random.nextInt(Math.max(1, span / 2));
    }

    private int lasts() {
        return 50 * (2 + random.nextInt(14));
    }

    private <T> T one(List<T> all) {
        return all.get(random.nextInt(all.size()));
    }

    private <T> T drawn(Map<T, Integer> weights) {
        int left = random.nextInt(
                weights.values().stream().mapToInt(Integer::intValue).sum());
        for (Map.Entry<T, Integer> entry : weights.entrySet()) {
            left -= entry.getValue();
            if (left < 0) {
                return entry.getKey();
            }
        }
        throw new IllegalStateException("weights that do not add up: " + weights);
    }
}
