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
import org.pgminicluster.history.Plan.FaultKind;

/**
 * What many histories have come across. Where something has never happened, nothing is known of it, and the plans were
 * too tame.
 */
public final class Tally {

    private static final String REFUSED = "forbidden writes refused";
    private static final String LOOKS = "looks at copies";
    private static final String BACKWARD = "looks that saw less than the one before";
    private static final String FAILOVERS = "failovers";
    private static final String VOID = "faults that could not be proven";

    private final Map<HistoryEvent.Outcome, Integer> outcomes = new EnumMap<>(HistoryEvent.Outcome.class);
    private final Map<FaultKind, Integer> faults = new EnumMap<>(FaultKind.class);
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

    private void count(String what, long times) {
        others.merge(what, (int) times, Integer::sum);
    }

    private static int unknownApplied(History history) {
        Set<String> there = history.all(HistoryEvent.Canaries.class)
                .flatMap(canaries -> canaries.rows().stream().map(row -> canaries.source() + " " + row.op()))
                .collect(Collectors.toSet());
        return (int) history.all(HistoryEvent.Wrote.class)
                .filter(wrote -> wrote.outcome() == HistoryEvent.Outcome.UNKNOWN)
                .filter(wrote -> there.contains(wrote.source() + " " + wrote.op()))
                .count();
    }

    private static long backward(History history) {
        Map<String, Long> last = new TreeMap<>();
        return history.all(HistoryEvent.Read.class)
                .filter(read -> {
                    Long before = last.put(read.node() + " " + read.source(), read.n());
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
        int unknown = outcomes.getOrDefault(HistoryEvent.Outcome.UNKNOWN, 0);
        if (unknownApplied == 0) {
            never.add("an unknown commit that was carried out");
        }
        if (unknown == unknownApplied) {
            never.add("an unknown commit that was not");
        }
        List.of(FAILOVERS, REFUSED, BACKWARD).stream()
                .filter(what -> others.getOrDefault(what, 0) == 0)
                .forEach(never::add);
        return never;
    }

    @Override
    public String toString() {
        String proven = faults.entrySet().stream()
                .map(fault -> fault.getValue() + " " + fault.getKey())
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
                + "\nseen: " + seen
                + "\nnever reached: " + (neverReached().isEmpty() ? "nothing" : String.join(", ", neverReached()));
    }

    private int of(HistoryEvent.Outcome outcome) {
        return outcomes.getOrDefault(outcome, 0);
    }
}
