package org.pgminicluster.speed;

import java.util.ArrayList;
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
import org.pgminicluster.history.Ledger;
import org.pgminicluster.history.Plan;
import org.pgminicluster.history.Profile;
import org.pgminicluster.topology.TableName;

/** A history without a fault in it, of any length, with as much of each kind of event as recorded ones have. */
final class LongHistory {

    private static final List<Copy> COPIES = List.of(
            new Copy("vm1", "vm2", true),
            new Copy("vm2", "vm1", true),
            new Copy("vm3", "vm1", true),
            new Copy("vm3", "vm2", true));
    private static final List<Ledger> LEDGERS = List.of(ledger("vm1", "test"), ledger("vm2", "test2"));
    private static final Map<String, String> SLOTS =
            Map.of("vm1vm2", "test2_sub", "vm2vm1", "test_sub", "vm3vm1", "vm3_test_sub", "vm3vm2", "vm3_test2_sub");
    private static final int OPS_BETWEEN_FAULTS = 15;
    private static final int OPS_BETWEEN_TRIES = 10;

    private final List<HistoryEvent> events = new ArrayList<>();
    private long at;
    private int faults;

    private LongHistory() {}

    private static Ledger ledger(String node, String table) {
        return new Ledger(
                node, node, TableName.of(node + "_counter"), TableName.of(node + "_canary"), true, List.of(table));
    }

    static History of(int count) {
        LongHistory history = new LongHistory();
        history.write(count);
        return new History(history.events);
    }

    private void write(int count) {
        events.add(new Begun(
                1,
                Profile.DURABLE,
                "homework",
                "13.23",
                240_000,
                1 << 28,
                LEDGERS,
                COPIES,
                COPIES.stream().map(copy -> copy.ledger() + "/" + slot(copy)).toList(),
                List.of()));
        int ops = 0;
        while (events.size() < count) {
            ops++;
            for (Ledger ledger : LEDGERS) {
                events.add(new Wrote(ledger.id(), ops, ops, Outcome.ACKNOWLEDGED, "", lsn(ops), ++at));
            }
            for (Copy copy : COPIES) {
                events.add(read(copy, ops));
            }
            if (ops % OPS_BETWEEN_TRIES == 0) {
                events.add(new Tried("vm3", "vm1", "test", Plan.Attempt.values()[0], "25006", ++at));
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
                .forEach(copy -> events.add(new Confirmed("vm3", copy.ledger(), slot(copy), lsn(ops), ++at)));
        events.add(new Healed(faults, "it runs", ++at));
    }

    private void end(int ops) {
        events.add(new Settled(true, 10, "all is applied", ++at));
        for (Copy copy : COPIES) {
            events.add(new Worker(copy.node(), slot(copy), true));
            events.add(new Slot(copy.ledger(), slot(copy), true, "reserved", 0));
        }
        List<Canary> canaries = new ArrayList<>();
        List<TableRow> rows = new ArrayList<>();
        for (int op = 1; op <= ops; op++) {
            for (int part = 1; part <= 2; part++) {
                canaries.add(new Canary(op, part, op, "commit " + op));
            }
            rows.add(new TableRow(String.valueOf(op), "digest " + op, "commit " + op));
        }
        LEDGERS.forEach(ledger -> rows(ledger.place(), ledger, canaries, rows));
        COPIES.forEach(copy -> LEDGERS.stream()
                .filter(ledger -> ledger.id().equals(copy.ledger()))
                .forEach(ledger -> rows(copy.node(), ledger, canaries, rows)));
        events.add(new Ended(++at));
    }

    private void rows(String node, Ledger ledger, List<Canary> canaries, List<TableRow> rows) {
        events.add(new Canaries(node, ledger.id(), canaries));
        events.add(new TableRows(node, ledger.id(), ledger.tables().get(0), "id", rows));
    }

    private Read read(Copy copy, int ops) {
        return new Read(
                copy.node(),
                copy.ledger(),
                ops,
                ops,
                ops,
                2L * ops,
                2L * ops,
                lsn(ops),
                "2026-01-01 00:00:00+00",
                "1",
                ++at);
    }

    private static String slot(Copy copy) {
        return String.valueOf(SLOTS.get(copy.node() + copy.ledger()));
    }

    private static String lsn(int ops) {
        return "%X/%X".formatted(ops >> 16, (ops & 0xFFFF) << 8);
    }
}
