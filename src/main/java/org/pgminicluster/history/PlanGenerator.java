package org.pgminicluster.history;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.pgminicluster.history.Plan.Attempt;
import org.pgminicluster.history.Plan.Change;
import org.pgminicluster.history.Plan.FaultKind;
import org.pgminicluster.history.Plan.ForbiddenWrite;
import org.pgminicluster.history.Plan.How;
import org.pgminicluster.history.Plan.PlannedAct;
import org.pgminicluster.history.Plan.PlannedFailover;
import org.pgminicluster.history.Plan.PlannedFault;
import org.pgminicluster.history.Plan.Write;
import org.pgminicluster.history.PlanTargets.Wire;
import org.pgminicluster.history.PlanTargets.Writing;

/** Draws a plan. Knows no cluster; {@link Random} draws the same numbers on every JVM. */
final class PlanGenerator {

    /** Enough to go on while all faults come and go. */
    static final int WRITES = 120;

    private static final int FIRST_FAULT = 8;
    private static final int FORBIDDEN = 12;
    private static final int FAILOVER = 75;

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

    /** What can be done to the link of a standby, which is no subscription. */
    private static final Set<FaultKind> OF_STANDBYS = Set.of(FaultKind.CUT, FaultKind.STALL);

    /** These wait for other nodes, or disturb all of them. */
    private static final Set<FaultKind> ALONE = Set.of(FaultKind.STOP_FAST, FaultKind.ISOLATE, FaultKind.SLOW);

    private final long seed;
    private final Profile profile;
    private final PlanTargets targets;
    private final int most;
    private final int count;
    private final Random random;

    /**
     * @param most how many transactions each writer has
     * @param count how many faults there are, where the profile draws them
     */
    PlanGenerator(long seed, Profile profile, PlanTargets targets, int most, int count) {
        this.seed = seed;
        this.profile = profile;
        this.targets = targets;
        this.most = most;
        this.count = count;
        // Seeds that follow each other would begin with numbers that are alike.
        this.random = new Random(seed * 0x9E3779B97F4A7C15L + profile.ordinal());
    }

    Plan plan() {
        List<Write> writes = new ArrayList<>();
        for (Writing writer : targets.writers()) {
            for (int op = 1; op <= most; op++) {
                Change change = drawn(CHANGES);
                // Before 14 a replicated TRUNCATE never ends when its commit waits for a subscription.
                boolean hangs = change == Change.TRUNCATE && profile == Profile.WAITING;
                int rows = 1 + random.nextInt(random.nextInt(10) == 0 ? 50 : 5);
                writes.add(new Write(writer.ledger(), op, hangs ? Change.INSERT : change, rows));
            }
        }
        Handover pair = profile == Profile.STANDBY ? targets.handover() : null;
        List<ForbiddenWrite> forbidden = forbidden();
        List<PlannedFault> faults = plannedFaults(pair);
        PlannedFailover failover = pair == null ? null : failover(pair);
        // Last, so that a seed has the writes and faults that it had before there were acts.
        ActGenerator acts = new ActGenerator(targets, random, most, faults.size());
        PlannedFailover course = failover == null || pair == null ? null : acts.course(failover, pair);
        return new Plan(seed, profile, writes, forbidden, faults, acts(acts, course), course);
    }

    /** Not where who commits waits for a subscription, nor where all links are cut, so that there is no time for them. */
    private List<PlannedAct> acts(ActGenerator acts, @Nullable PlannedFailover failover) {
        return switch (profile) {
            case CALM, SWIZZLE, WAITING -> List.of();
            case FAULTS, DURABLE, STANDBY -> acts.acts(failover);
        };
    }

    private List<PlannedFault> plannedFaults(@Nullable Handover pair) {
        return switch (profile) {
            case SWIZZLE -> swizzled();
            case WAITING -> killedWhileWaiting();
            case CALM, FAULTS, DURABLE, STANDBY -> faults(pair);
        };
    }

    /** Of a plan of the usual length; one of another length has the same in proportion. */
    private int at(int transaction) {
        return most == WRITES ? transaction : Math.max(1, transaction * most / WRITES);
    }

    private PlannedFailover failover(Handover pair) {
        return new PlannedFailover(
                random.nextBoolean() ? How.KILL : How.PAUSE_THEN_KILL,
                pair.primary(),
                pair.standby(),
                one(targets.writers()).ledger(),
                at(FAILOVER),
                lasts());
    }

    private List<ForbiddenWrite> forbidden() {
        List<Writing> copied = targets.writers().stream()
                .filter(writer -> !writer.readOnly().isEmpty())
                .toList();
        List<ForbiddenWrite> forbidden = new ArrayList<>();
        for (int i = 0; i < FORBIDDEN && !copied.isEmpty(); i++) {
            Writing writer = one(copied);
            forbidden.add(new ForbiddenWrite(
                    one(writer.readOnly()),
                    writer.ledger(),
                    one(Arrays.asList(Attempt.values())),
                    1 + i * most / FORBIDDEN));
        }
        return forbidden;
    }

    private List<PlannedFault> faults(@Nullable Handover pair) {
        List<PlannedFault> faults = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            FaultKind kind = drawn(pair == null ? FAULTS : FAULTS_OF_PAIR);
            PlannedFault drawn = kind.isOfLink()
                    ? ofLink(i, kind, one(pair == null ? targets.links() : targets.linksOf(pair)), pair)
                    : fault(
                            i,
                            kind,
                            one(pair == null ? targets.nodes() : List.of(pair.primary(), pair.standby())),
                            "",
                            pair);
            boolean overlapping = i > 0 && random.nextInt(3) > 0 && mayOverlap(faults.get(i - 1), drawn);
            faults.add(overlapping ? overlapping(faults.get(i - 1), drawn) : drawn);
        }
        return faults;
    }

    private PlannedFault ofLink(int number, FaultKind kind, Wire link, @Nullable Handover pair) {
        FaultKind possible = link.physical() && !OF_STANDBYS.contains(kind) ? FaultKind.CUT : kind;
        return fault(number, possible, link.publisher(), link.subscriber(), pair);
    }

    private PlannedFault fault(int number, FaultKind kind, String node, String peer, @Nullable Handover pair) {
        return new PlannedFault(
                number + 1,
                kind,
                node,
                peer,
                one(targets.writers()).ledger(),
                begin(number, pair == null ? most : at(FAILOVER)),
                lasts(),
                false);
    }

    /** Two at a time at most, and never two that touch the same node: their proofs would be in each other's way. */
    private static boolean mayOverlap(PlannedFault first, PlannedFault second) {
        return !first.overlapping()
                && !ALONE.contains(first.faultKind())
                && !ALONE.contains(second.faultKind())
                && Collections.disjoint(first.nodes(), second.nodes());
    }

    /** Begins soon after the other, by a clock that the other does not stop. */
    private PlannedFault overlapping(PlannedFault first, PlannedFault second) {
        return new PlannedFault(
                second.id(),
                second.faultKind(),
                second.node(),
                second.peer(),
                otherClock(first.nodes()).orElse(second.anchor()),
                first.after() + at(4),
                second.lastsMillis(),
                true);
    }

    /** Somebody who goes on writing whatever happens to these. */
    private Optional<String> otherClock(Set<String> nodes) {
        return targets.writers().stream()
                .filter(writer -> !nodes.contains(writer.node()))
                .map(Writing::ledger)
                .findFirst();
    }

    private List<PlannedFault> swizzled() {
        List<Wire> links = new ArrayList<>(targets.subscriptions());
        Collections.shuffle(links, random);
        List<PlannedFault> faults = new ArrayList<>();
        for (int i = 0; i < links.size(); i++) {
            faults.add(new PlannedFault(
                    i + 1,
                    FaultKind.CUT,
                    links.get(i).publisher(),
                    links.get(i).subscriber(),
                    targets.writers().get(0).ledger(),
                    Math.min(most, at(FIRST_FAULT + 8 * i)),
                    // Long enough that all are cut at once, and in any order.
                    1500 + random.nextInt(1500),
                    i > 0));
        }
        return faults;
    }

    /** Again and again: who is waited for is cut off, the next commit waits for it, and who commits is killed. */
    private List<PlannedFault> killedWhileWaiting() {
        Waiting waiting = targets.waiting();
        if (waiting == null) {
            return faults(null);
        }
        Optional<String> other = otherClock(Set.of(waiting.node()));
        String own = targets.writers().get(0).ledger();
        List<PlannedFault> faults = new ArrayList<>();
        for (int i = 0; i < count; i += 2) {
            int begin = begin(i, most);
            faults.add(new PlannedFault(
                    i + 1,
                    FaultKind.CUT,
                    waiting.node(),
                    waiting.peer(),
                    other.orElse(own),
                    begin,
                    600 + random.nextInt(600),
                    false));
            faults.add(new PlannedFault(
                    i + 2,
                    random.nextBoolean() ? FaultKind.KILL : FaultKind.STOP_IMMEDIATE,
                    waiting.node(),
                    "",
                    other.orElse(own),
                    // Who waits comes no further.
                    other.isPresent() ? begin + at(12) : begin,
                    lasts(),
                    true));
        }
        return faults;
    }

    private int begin(int fault, int end) {
        int span = (end - 2 * at(FIRST_FAULT)) / Math.max(1, count);
        return at(FIRST_FAULT) + fault * Math.max(0, span) + random.nextInt(Math.max(1, span / 2));
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
