package org.pgminicluster.history;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apiguardian.api.API;
import org.pgminicluster.history.HistoryEvent.FailedOver;
import org.pgminicluster.history.Plan.ActKind;
import org.pgminicluster.history.Plan.FaultKind;

/**
 * What many histories have come across. Where something has never happened, nothing is known of it, and the plans were
 * too tame.
 */
@API(status = API.Status.EXPERIMENTAL)
public final class Tally {

    /** A trait of a topology. */
    static final String DATABASE = "a second database";
    /** Another one. */
    static final String STANDBY = "a second standby of a node";
    /** Another one. */
    static final String KEYLESS = "a table without a key";

    private static final String SWITCHED = "planned switch-overs";
    private static final String TAKEN_UP = "failovers in which a publisher dies";
    private static final String BACK = "failovers back";
    private static final String DECLINED = "failovers refused";

    private static final String REFUSED = "forbidden writes refused";
    private static final String LOOKS = "looks at copies";
    private static final String BACKWARD = "looks that saw less than the one before";
    private static final String FAILOVERS = "failovers";
    private static final String VOID = "faults that could not be proven";

    private final Map<HistoryEvent.Outcome, Integer> outcomes = new EnumMap<>(HistoryEvent.Outcome.class);
    private final Map<FaultKind, Integer> faults = new EnumMap<>(FaultKind.class);
    private final Map<ActKind, Integer> acts = new EnumMap<>(ActKind.class);
    private final Map<String, Integer> others = new LinkedHashMap<>();
    private int histories;
    private int unknownApplied;

    /** Counts a history, and by its plan the faults that were proven. */
    public void add(Plan plan, History history) {
        histories++;
        history.all(HistoryEvent.Wrote.class).forEach(wrote -> outcomes.merge(wrote.outcome(), 1, Integer::sum));
        unknownApplied += unknownApplied(history);
        Set<Integer> proven = history.all(HistoryEvent.Injected.class)
                .map(HistoryEvent.Injected::fault)
                .collect(Collectors.toSet());
        plan.faults().stream()
                .filter(fault -> proven.contains(fault.id()))
                .forEach(fault -> faults.merge(fault.faultKind(), 1, Integer::sum));
        plan.acts().stream()
                .filter(act -> proven.contains(act.id()))
                .forEach(act -> acts.merge(act.actKind(), 1, Integer::sum));
        history.all(HistoryEvent.Begun.class)
                .flatMap(begun -> begun.traits().stream())
                .forEach(trait -> count(trait, 1));
        course(plan, history);
        count(VOID, history.all(HistoryEvent.Void.class).count());
        count(
                REFUSED,
                history.all(HistoryEvent.Tried.class)
                        .filter(tried ->
                                !tried.sqlState().isEmpty() && !tried.sqlState().equals("00000"))
                        .count());
        count(LOOKS, history.all(HistoryEvent.Read.class).count());
        count(BACKWARD, backward(history));
        count(FAILOVERS, history.all(HistoryEvent.FailedOver.class).count());
    }

    private void course(Plan plan, History history) {
        List<FailedOver> done = history.all(FailedOver.class).toList();
        count(SWITCHED, done.stream().filter(FailedOver::planned).count());
        boolean taken = plan.failover() != null && !plan.failover().killed().isEmpty() && !done.isEmpty();
        count(TAKEN_UP, taken ? 1 : 0);
        count(BACK, Math.max(0, done.size() - 1));
        count(DECLINED, history.all(HistoryEvent.Refused.class).count());
    }

    private void count(String what, long times) {
        others.merge(what, (int) times, Integer::sum);
    }

    private static int unknownApplied(History history) {
        Set<String> there = history.all(HistoryEvent.Canaries.class)
                .flatMap(canaries -> canaries.rows().stream().map(row -> canaries.ledger() + " " + row.op()))
                .collect(Collectors.toSet());
        return (int) history.all(HistoryEvent.Wrote.class)
                .filter(wrote -> wrote.outcome() == HistoryEvent.Outcome.UNKNOWN)
                .filter(wrote -> there.contains(wrote.ledger() + " " + wrote.op()))
                .count();
    }

    private static long backward(History history) {
        Map<String, Long> last = new TreeMap<>();
        return history.all(HistoryEvent.Read.class)
                .filter(read -> {
                    Long before = last.put(read.node() + " " + read.ledger(), read.n());
                    return before != null && read.n() < before;
                })
                .count();
    }

    /** What has never happened; empty if all has. */
    public List<String> neverReached() {
        List<String> never = new ArrayList<>();
        Arrays.stream(FaultKind.values())
                .filter(kind -> !faults.containsKey(kind))
                .forEach(kind -> never.add(kind.toString()));
        Arrays.stream(ActKind.values())
                .filter(kind -> !acts.containsKey(kind))
                .forEach(kind -> never.add(kind.toString()));
        int unknown = outcomes.getOrDefault(HistoryEvent.Outcome.UNKNOWN, 0);
        if (unknownApplied == 0) {
            never.add("an unknown commit that was carried out");
        }
        if (unknown == unknownApplied) {
            never.add("an unknown commit that was not");
        }
        Stream.of(FAILOVERS, SWITCHED, TAKEN_UP, BACK, DECLINED, DATABASE, STANDBY, KEYLESS, REFUSED, BACKWARD)
                .filter(what -> others.getOrDefault(what, 0) == 0)
                .forEach(never::add);
        return never;
    }

    @Override
    public String toString() {
        String proven = faults.entrySet().stream()
                .map(fault -> fault.getValue() + " " + fault.getKey())
                .collect(Collectors.joining(", "));
        String done = acts.entrySet().stream()
                .map(act -> act.getValue() + " " + act.getKey())
                .collect(Collectors.joining(", "));
        String seen = others.entrySet().stream()
                .map(it -> it.getValue() + " " + it.getKey())
                .collect(Collectors.joining(", "));
        return "histories: " + histories
                + "\ntransactions: " + of(HistoryEvent.Outcome.ACKNOWLEDGED) + " acknowledged, "
                + of(HistoryEvent.Outcome.ROLLED_BACK) + " rolled back, " + of(HistoryEvent.Outcome.FAILED)
                + " failed, " + of(HistoryEvent.Outcome.UNKNOWN) + " unknown, of which " + unknownApplied
                + " were carried out"
                + "\nfaults proven: " + (proven.isEmpty() ? "none" : proven)
                + "\nacts done: " + (done.isEmpty() ? "none" : done)
                + "\nseen: " + seen
                + "\nnever reached: " + (neverReached().isEmpty() ? "nothing" : String.join(", ", neverReached()));
    }

    private int of(HistoryEvent.Outcome outcome) {
        return outcomes.getOrDefault(outcome, 0);
    }
}
