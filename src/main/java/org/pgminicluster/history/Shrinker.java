package org.pgminicluster.history;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import org.pgminicluster.history.Plan.PlannedFault;

/** Makes a failing plan shorter: fewer faults and acts, then fewer writes, then shorter faults. */
final class Shrinker {

    private static final int SHORTEST_MILLIS = 50;

    private final Predicate<Plan> fails;

    /** @param fails whether a plan still fails; it may say no when there is no time left to find out */
    Shrinker(Predicate<Plan> fails) {
        this.fails = fails;
    }

    Plan shrink(Plan failing) {
        Plan plan = failing;
        plan = plan.withFaults(Ddmin.minimise(plan.faults(), still(plan::withFaults)));
        plan = plan.withActs(Ddmin.minimise(plan.acts(), still(plan::withActs)));
        plan = plan.withForbidden(Ddmin.minimise(plan.forbidden(), still(plan::withForbidden)));
        plan = plan.withWrites(Ddmin.minimise(plan.writes(), still(plan::withWrites)));
        return withShorterFaults(plan);
    }

    private <T> Predicate<List<T>> still(Function<List<T>, Plan> with) {
        return items -> fails.test(with.apply(items));
    }

    private Plan withShorterFaults(Plan plan) {
        Plan shortest = plan;
        for (int i = 0; i < plan.faults().size(); i++) {
            PlannedFault fault = plan.faults().get(i);
            while (fault.lastsMillis() / 2 >= SHORTEST_MILLIS) {
                fault = fault.lasting(fault.lastsMillis() / 2);
                List<PlannedFault> faults = new ArrayList<>(shortest.faults());
                faults.set(i, fault);
                Plan shorter = shortest.withFaults(faults);
                if (!fails.test(shorter)) {
                    break;
                }
                shortest = shorter;
            }
        }
        return shortest;
    }
}
