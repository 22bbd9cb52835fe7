package org.pgminicluster.history;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.pgminicluster.cluster.Lsn;
import org.pgminicluster.history.HistoryEvent.Begun;
import org.pgminicluster.history.HistoryEvent.Confirmed;
import org.pgminicluster.history.HistoryEvent.Copy;
import org.pgminicluster.history.HistoryEvent.Outcome;
import org.pgminicluster.history.HistoryEvent.Promoted;
import org.pgminicluster.history.HistoryEvent.Read;
import org.pgminicluster.history.HistoryEvent.Tried;
import org.pgminicluster.history.HistoryEvent.Wrote;
import org.pgminicluster.script.GuardSql;

/** What was seen while the history went on: I3, I4, I5, I6, I7, I10, I11 and I12. */
final class ReadChecks {

    private static final String CARRIED_OUT = "00000";
    /** The server was going or gone, or a lock did not come: nothing is said about the guard. */
    private static final Set<String> NO_ANSWER = Set.of("08", "57", "40", "55", "53");

    private final List<Violation> violations = new ArrayList<>();
    private final boolean durable;
    /** The greatest counter that was acknowledged up to a position, for each position at which it grew. */
    private final Map<Source, TreeMap<Lsn, Long>> acknowledged = new EnumMap<>(Source.class);
    /** The first look, in the order of the record, that was later than any before it, by its time. */
    private final Map<Copy, TreeMap<Long, Read>> looks = new HashMap<>();

    private ReadChecks(History history, boolean durable) {
        this.durable = durable;
        history.all(Wrote.class)
                .filter(wrote ->
                        wrote.outcome() == Outcome.ACKNOWLEDGED && !wrote.lsn().isEmpty())
                .sorted(Comparator.comparing(wrote -> Lsn.parse(wrote.lsn())))
                .forEach(this::acknowledged);
        history.all(Read.class).forEach(this::look);
    }

    private void acknowledged(Wrote wrote) {
        TreeMap<Lsn, Long> counters = acknowledged.computeIfAbsent(wrote.source(), it -> new TreeMap<>());
        if (counters.isEmpty() || wrote.n() > counters.lastEntry().getValue()) {
            counters.put(Lsn.parse(wrote.lsn()), wrote.n());
        }
    }

    private void look(Read read) {
        TreeMap<Long, Read> later = looks.computeIfAbsent(new Copy(read.node(), read.source()), it -> new TreeMap<>());
        if (later.isEmpty() || read.at() > later.lastKey()) {
            later.put(read.at(), read);
        }
    }

    static List<Violation> violations(History history, Begun begun) {
        ReadChecks checks = new ReadChecks(history, begun.isDurable());
        begun.copies().forEach(copy -> checks.reads(copy, reads(history, copy)));
        history.all(Tried.class).forEach(checks::tried);
        history.all(Confirmed.class).forEach(checks::confirmed);
        history.all(Promoted.class).forEach(checks::promoted);
        return checks.violations;
    }

    private static List<Read> reads(History history, Copy copy) {
        return history.all(Read.class)
                .filter(read -> read.node().equals(copy.node()) && read.source() == copy.source())
                .toList();
    }

    private void reads(Copy copy, List<Read> reads) {
        String where = copy.source().counter() + " on " + copy.node();
        reads.stream()
                .filter(read -> read.rows() != read.pairs())
                .findFirst()
                .ifPresent(read -> add(
                        Invariant.I3,
                        copy.source().canary() + " on " + copy.node() + " had " + read.rows() + " rows, of" + " which "
                                + read.pairs() + " were different, at " + read.at() + " ms"));
        reads.stream()
                .filter(read -> read.pairs() != 2 * read.transactions())
                .findFirst()
                .ifPresent(read -> add(
                        Invariant.I5,
                        copy.source().canary() + " on " + copy.node() + " had " + read.pairs() + " rows of "
                                + read.transactions() + " transactions at " + read.at() + " ms"));
        reads.stream()
                .filter(read -> read.n() != read.transactions() || read.n() != read.last())
                .findFirst()
                .ifPresent(read -> add(
                        Invariant.I4,
                        where + " was " + read.n() + " with " + read.transactions() + " transactions up to "
                                + read.last() + " at " + read.at() + " ms"));
        for (int i = 1; i < reads.size(); i++) {
            pair(where, reads.get(i - 1), reads.get(i));
        }
    }

    private void pair(String where, Read before, Read after) {
        boolean restarted = !before.started().equals(after.started());
        if (after.n() < before.n() && (durable || !restarted)) {
            add(Invariant.I11, where + " fell from " + before.n() + " to " + after.n() + " at " + after.at() + " ms");
        }
        // The origin's position moves in memory before the commit is flushed, so a crash may take it back even when
        // the commit is durable before it is seen.
        if (!restarted
                && !before.applied().isEmpty()
                && (after.applied().isEmpty()
                        || Lsn.parse(after.applied()).compareTo(Lsn.parse(before.applied())) < 0)) {
            add(
                    Invariant.I10,
                    "the origin behind " + where + " fell from " + before.applied() + " to \"" + after.applied()
                            + "\" at " + after.at() + " ms");
        }
    }

    private void tried(Tried tried) {
        String state = tried.sqlState();
        String what = tried.attempt() + " on " + tried.source().table() + " on " + tried.node() + " at " + tried.at()
                + " ms ";
        if (state.equals(CARRIED_OUT)) {
            add(Invariant.I6, what + "was carried out");
        } else if (!state.equals(GuardSql.SQLSTATE)
                && state.length() == 5
                && !NO_ANSWER.contains(state.substring(0, 2))) {
            add(Invariant.I6, what + "was refused with " + state + " instead of " + GuardSql.SQLSTATE);
        }
    }

    /** What is confirmed on the slot is never sent again, so a standby that lacks some of it will always lack it. */
    private void promoted(Promoted promoted) {
        long least = confirmedUpTo(promoted.source(), Lsn.parse(promoted.confirmed()));
        if (promoted.n() < least) {
            add(
                    Invariant.I12,
                    "slot " + promoted.slot() + " had confirmed " + promoted.confirmed() + ", and with it counter "
                            + least + ", but " + promoted.node() + " had " + promoted.n() + " when it was promoted");
        }
    }

    private long confirmedUpTo(Source source, Lsn lsn) {
        Map.Entry<Lsn, Long> counter =
                acknowledged.getOrDefault(source, new TreeMap<>()).floorEntry(lsn);
        return counter == null ? 0 : Math.max(0, counter.getValue());
    }

    /** What was confirmed before the crash is there at the first look after it: the publisher sends it no more. */
    private void confirmed(Confirmed confirmed) {
        long least = confirmedUpTo(confirmed.source(), Lsn.parse(confirmed.lsn()));
        Map.Entry<Long, Read> after = looks.getOrDefault(
                        new Copy(confirmed.node(), confirmed.source()), new TreeMap<>())
                .higherEntry(confirmed.at());
        if (after != null && after.getValue().n() < least) {
            add(
                    Invariant.I7,
                    "slot " + confirmed.slot() + " had confirmed " + confirmed.lsn() + ", and with it counter " + least
                            + ", but after the restart " + confirmed.node() + " had "
                            + after.getValue().n());
        }
    }

    private void add(Invariant invariant, String evidence) {
        Violation violation = new Violation(invariant, evidence);
        // One of a kind is enough: after a first one there are often hundreds.
        boolean known = violations.stream()
                        .map(Violation::invariant)
                        .filter(it -> it == invariant)
                        .count()
                >= 3;
        if (!known) {
            violations.add(violation);
        }
    }
}
