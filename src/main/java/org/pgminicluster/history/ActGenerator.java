package org.pgminicluster.history;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.pgminicluster.history.Plan.ActKind;
import org.pgminicluster.history.Plan.How;
import org.pgminicluster.history.Plan.PlannedAct;
import org.pgminicluster.history.Plan.PlannedFailover;
import org.pgminicluster.history.PlanTargets.Growing;
import org.pgminicluster.history.PlanTargets.Subscribed;
import org.pgminicluster.history.PlanTargets.Writing;

/** Draws what is done on purpose, and the course of a failover. */
final class ActGenerator {

    /** Of as many steps that every failover has. */
    private static final int STEPS = 7;

    private static final List<String> OPTIONS =
            List.of("synchronous_commit = on", "synchronous_commit = local", "streaming = on", "binary = true");

    private final PlanTargets targets;
    private final Random random;
    private final int most;
    private final List<PlannedAct> acts = new ArrayList<>();
    private final Set<String> added = new TreeSet<>();
    private int number;

    /** @param faults how many faults there are, whose numbers are before those of acts */
    ActGenerator(PlanTargets targets, Random random, int most, int faults) {
        this.targets = targets;
        this.random = random;
        this.most = most;
        this.number = faults;
    }

    /** What a guarded standby promises; a plain one loses what it lags behind, in any course. */
    PlannedFailover course(PlannedFailover usual, Handover pair) {
        if (!pair.guarded()) {
            return usual;
        }
        int course = random.nextInt(8);
        boolean back = random.nextInt(3) == 0;
        boolean late = random.nextInt(3) == 0;
        boolean planned = course < 2;
        boolean dies = course == 2 || course == 3;
        return new PlannedFailover(
                planned ? How.SWITCH_OVER : usual.how(),
                usual.primary(),
                usual.standby(),
                usual.anchor(),
                // When nobody writes any more nothing comes that would hide what is wrong.
                late ? most : usual.after(),
                planned ? 0 : usual.lagMillis(),
                dies ? one(targets.publishersOf(usual.primary())) : "",
                dies ? 1 + random.nextInt(STEPS) : 0,
                back);
    }

    List<PlannedAct> acts(@Nullable PlannedFailover failover) {
        int end = failover == null ? most : failover.after();
        usual(1, Math.max(2, end / 2), failover);
        usual(Math.max(2, end / 2), end, failover);
        if (failover != null) {
            beforeIt(failover);
        }
        return acts.stream().sorted(Comparator.comparingInt(PlannedAct::after)).toList();
    }

    /** One of the kinds that the topology has a target for, between two transactions. */
    private void usual(int from, int to, @Nullable PlannedFailover failover) {
        int after = from + random.nextInt(Math.max(1, to - from));
        List<Subscribed> subscribed =
                failover == null ? targets.subscribed() : targets.subscribedOn(failover.primary());
        List<Subscribed> reseeds =
                subscribed.stream().filter(Subscribed::reseeds).toList();
        int kind = random.nextInt(8);
        if (kind < 2 && !reseeds.isEmpty()) {
            add(ActKind.RESEED, one(reseeds), "", after, false);
        } else if (kind < 5 && !targets.growing().isEmpty()) {
            Growing growing = one(targets.growing());
            table(growing, after, false);
            if (random.nextBoolean()) {
                table(growing, after + (to - after) / 2, false);
            }
        } else if (kind == 5 && !subscribed.isEmpty()) {
            Subscribed one = one(subscribed);
            add(ActKind.DISABLE, one, "", after, false);
            add(ActKind.ENABLE, one, "", Math.min(most, after + 1 + random.nextInt(20)), false);
        } else if (kind == 6 && !subscribed.isEmpty()) {
            add(ActKind.ALTER_OPTION, one(subscribed), one(OPTIONS), after, false);
        } else {
            Writing writer = one(targets.writers());
            acts.add(new PlannedAct(
                    ++number,
                    ActKind.UNPUBLISHED_LOAD,
                    writer.node(),
                    writer.ledger(),
                    Integer.toString(8 << random.nextInt(3)),
                    writer.ledger(),
                    after,
                    false));
        }
    }

    /** What the standby does not know of when its primary dies, or has just heard of. */
    private void beforeIt(PlannedFailover failover) {
        List<Subscribed> subscribed = targets.subscribedOn(failover.primary());
        List<Subscribed> reseeds =
                subscribed.stream().filter(Subscribed::reseeds).toList();
        boolean lags = failover.lagMillis() > 0;
        int kind = random.nextInt(8);
        if (subscribed.isEmpty()) {
            return;
        }
        Subscribed one = one(subscribed);
        if (kind < 2) {
            add(ActKind.DISABLE, one, "", Math.max(1, failover.after() - 20), false);
            if (lags && random.nextInt(4) > 0) {
                add(ActKind.ENABLE, one, "", failover.after(), true);
            }
        } else if (kind < 4 && lags && !targets.growing().isEmpty()) {
            Growing growing = one(targets.growing());
            table(growing, failover.after(), true);
        } else if (kind < 6 && !reseeds.isEmpty()) {
            add(ActKind.RESEED, one(reseeds), "", failover.after(), lags && kind == 4);
        } else if (kind == 6) {
            add(ActKind.ALTER_OPTION, one, one(OPTIONS), failover.after(), lags);
        }
    }

    /** It comes, or goes if it has come. */
    private void table(Growing growing, int after, boolean whileLagging) {
        boolean comes = added.add(growing.ledger());
        if (!comes) {
            added.remove(growing.ledger());
        }
        acts.add(new PlannedAct(
                ++number,
                comes ? ActKind.ADD_TABLE : ActKind.DROP_TABLE,
                growing.place(),
                growing.ledger(),
                "",
                growing.ledger(),
                after,
                whileLagging));
    }

    private void add(ActKind kind, Subscribed one, String detail, int after, boolean whileLagging) {
        acts.add(new PlannedAct(++number, kind, one.place(), one.name(), detail, one.ledger(), after, whileLagging));
    }

    private <T> T one(List<T> all) {
        return all.get(random.nextInt(all.size()));
    }
}
