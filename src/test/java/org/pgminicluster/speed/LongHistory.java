package org.pgminicluster.speed;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.pgminicluster.history.History;
import org.pgminicluster.history.HistoryEvent;
import org.pgminicluster.history.HistoryEvent.Begun;
import org.pgminicluster.history.HistoryEvent.Canaries;
import org.pgminicluster.history.HistoryEvent.Canary;
import org.pgminicluster.history.HistoryEvent.Confirmed;
import org.pgminicluster.history.HistoryEvent.Copy;
import org.pgminicluster.history.HistoryEvent.Ended;
import org.pgminicluster.history.HistoryEvent.Healed;
import org.pgminicluster.history.HistoryEvent.Injected;
import org.pgminicluster.history.HistoryEvent.Outcome;
import org.pgminicluster.history.HistoryEvent.Read;
import org.pgminicluster.history.HistoryEvent.Settled;
import org.pgminicluster.history.HistoryEvent.Slot;
import org.pgminicluster.history.HistoryEvent.TableRow;
import org.pgminicluster.history.HistoryEvent.TableRows;
import org.pgminicluster.history.HistoryEvent.Tried;
import org.pgminicluster.history.HistoryEvent.Worker;
import org.pgminicluster.history.HistoryEvent.Wrote;
import org.pgminicluster.history.Plan;
import org.pgminicluster.history.Profile;
import org.pgminicluster.history.Source;

/** A history without a fault in it, of any length, with as much of each kind of event as recorded ones have. */
final class LongHistory {

    private static final List<Copy> COPIES = List.of(
            new Copy("vm1", Source.N2),
            new Copy("vm2", Source.N1),
            new Copy("vm3", Source.N1),
            new Copy("vm3", Source.N2));
    private static final Map<String, String> SLOTS =
            Map.of("vm1N2", "test2_sub", "vm2N1", "test_sub", "vm3N1", "vm3_test_sub", "vm3N2", "vm3_test2_sub");
    private static final int OPS_BETWEEN_FAULTS = 15;
    private static final int OPS_BETWEEN_TRIES = 10;

    private final List<HistoryEvent> events = new ArrayList<>();
    private long at;
    private int faults;

    private LongHistory() {}

    static History of(int count) {
        LongHistory history = new LongHistory();
        history.write(count);
        return new History(history.events);
    }

    private void write(int count) {
        events.add(new Begun(
                1,
                Profile.DURABLE,
                "13.23",
                "on",
                240_000,
                1 << 28,
                COPIES,
                COPIES.stream()
                        .map(copy -> copy.source().publisher() + "/" + slot(copy))
                        .toList()));
        int ops = 0;
        while (events.size() < count) {
            ops++;
            for (Source source : Source.values()) {
                events.add(new Wrote(source, ops, ops, Outcome.ACKNOWLEDGED, "", lsn(ops), ++at));
            }
            for (Copy copy : COPIES) {
                events.add(read(copy, ops));
            }
            if (ops % OPS_BETWEEN_TRIES == 0) {
                events.add(new Tried("vm3", Source.N1, Plan.Attempt.values()[0], "25006", ++at));
            }
            if (ops % OPS_BETWEEN_FAULTS == 0) {
                fault(ops);
            }
        }
        end(ops);
    }

    /** vm3 is down for a moment. */
    private void fault(int ops) {
        events.add(new Injected(++faults, "kill vm3", "no process of the server is left", ++at));
        COPIES.stream()
                .filter(copy -> copy.node().equals("vm3"))
                .forEach(copy -> events.add(new Confirmed("vm3", copy.source(), slot(copy), lsn(ops), ++at)));
        events.add(new Healed(faults, "it runs", ++at));
    }

    private void end(int ops) {
        events.add(new Settled(true, 10, "all is applied", ++at));
        for (Copy copy : COPIES) {
            events.add(new Worker(copy.node(), slot(copy), true));
            events.add(new Slot(copy.source().publisher(), slot(copy), true, "reserved", 0));
        }
        Map<Source, List<Canary>> canaries = new EnumMap<>(Source.class);
        Map<Source, List<TableRow>> rows = new EnumMap<>(Source.class);
        for (Source source : Source.values()) {
            canaries.put(source, new ArrayList<>());
            rows.put(source, new ArrayList<>());
            for (int op = 1; op <= ops; op++) {
                for (int part = 1; part <= 2; part++) {
                    canaries.get(source).add(new Canary(op, part, op, "commit " + op));
                }
                rows.get(source).add(new TableRow(op, "digest " + op, "commit " + op));
            }
        }
        Arrays.stream(Source.values()).forEach(source -> rows(source.publisher(), source, canaries, rows));
        COPIES.forEach(copy -> rows(copy.node(), copy.source(), canaries, rows));
        events.add(new Ended(++at));
    }

    private void rows(
            String node, Source source, Map<Source, List<Canary>> canaries, Map<Source, List<TableRow>> rows) {
        events.add(new Canaries(node, source, canaries.getOrDefault(source, List.of())));
        events.add(new TableRows(node, source, rows.getOrDefault(source, List.of())));
    }

    private Read read(Copy copy, int ops) {
        return new Read(
                copy.node(),
                copy.source(),
                ops,
                ops,
                ops,
                2L * ops,
                2L * ops,
                lsn(ops),
                "2026-01-01 00:00:00+00",
                ++at);
    }

    private static String slot(Copy copy) {
        return String.valueOf(SLOTS.get(copy.node() + copy.source()));
    }

    private static String lsn(int ops) {
        return "%X/%X".formatted(ops >> 16, (ops & 0xFFFF) << 8);
    }
}
