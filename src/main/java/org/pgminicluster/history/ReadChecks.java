package org.pgminicluster.history;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.pgminicluster.history.HistoryEvent.Begun;
import org.pgminicluster.history.HistoryEvent.Confirmed;
import org.pgminicluster.history.HistoryEvent.Copy;
import org.pgminicluster.history.HistoryEvent.Outcome;
import org.pgminicluster.history.HistoryEvent.Promoted;
import org.pgminicluster.history.HistoryEvent.Read;
import org.pgminicluster.history.HistoryEvent.Rejoined;
import org.pgminicluster.history.HistoryEvent.Tried;
import org.pgminicluster.history.HistoryEvent.Wrote;
import org.pgminicluster.script.GuardSql;
import org.pgminicluster.state.Lsn;

/** What was seen while the history went on: I3, I4, I5, I6, I7, I10, I11 and I12. */
final class ReadChecks {

    private static final String CARRIED_OUT = "00000";
    /** The server was going or gone, or a lock did not come: nothing is said about the guard. */
    private static final Set<String> NO_ANSWER = Set.of("08", "57", "40", "55", "53");

    private final List<Violation> violations = new ArrayList<>();
    private final Begun begun;
    private final List<Rejoined> rejoined;
    /** The greatest counter that was acknowledged up to a position, which is asked for after the commit. */
    private final Map<String, TreeMap<Lsn, Long>> acknowledged = new HashMap<>();
    /** Those at one copy by their times, of several at one time the first. */
    private final Map<String, TreeMap<Long, Read>> looks = new HashMap<>();

    private ReadChecks(History history, Begun begun) {
        this.begun = begun;
        this.rejoined = history.all(Rejoined.class).toList();
        history.all(Wrote.class)
                .filter(wrote ->
                        wrote.outcome() == Outcome.ACKNOWLEDGED && !wrote.lsn().isEmpty())
                .sorted(Comparator.comparing(wrote -> Lsn.parse(wrote.lsn())))
                .forEach(this::acknowledged);
        history.all(Read.class).filter(ReadChecks::isOfWholeCopy).forEach(this::look);
    }

    private void acknowledged(Wrote wrote) {
        TreeMap<Lsn, Long> counters = acknowledged.computeIfAbsent(wrote.ledger(), it -> new TreeMap<>());
        long before = counters.isEmpty() ? 0 : counters.lastEntry().getValue();
        counters.put(Lsn.parse(wrote.lsn()), Math.max(before, wrote.n()));
    }

    private void look(Read read) {
        looks.computeIfAbsent(at(read.node(), read.ledger()), it -> new TreeMap<>())
                .putIfAbsent(read.at(), read);
    }

    private static String at(String node, String ledger) {
        return node + " " + ledger;
    }

    static List<Violation> violations(History history, Begun begun) {
        ReadChecks checks = new ReadChecks(history, begun);
        begun.copies().forEach(copy -> checks.reads(copy, reads(history, copy)));
        history.all(Tried.class).forEach(checks::tried);
        history.all(Confirmed.class).forEach(checks::confirmed);
        history.all(Promoted.class).forEach(checks::promoted);
        return checks.violations;
    }

    /** While it is copied each table is as its own copy has left it. */
    private static boolean isOfWholeCopy(Read read) {
        return !read.source().isEmpty();
    }

    /**
     * Those that are judged. The end of an origin can be seen before that of its subscription, which takes the commit: when
     * that has ended next, nothing is said by an origin without a position.
     */
    private static List<Read> reads(History history, Copy copy) {
        List<Read> all = history.all(Read.class)
                .filter(read -> read.node().equals(copy.node()) && read.ledger().equals(copy.ledger()))
                .toList();
        List<Read> judged = new ArrayList<>();
        boolean ends = false;
        for (int i = all.size() - 1; i >= 0; i--) {
            Read read = all.get(i);
            ends = i + 1 < all.size()
                    && (ends || !read.source().equals(all.get(i + 1).source()));
            ends &= read.applied().isEmpty();
            if (isOfWholeCopy(read) && !ends) {
                judged.add(read);
            }
        }
        Collections.reverse(judged);
        return judged;
    }

    private void reads(Copy copy, List<Read> reads) {
        Ledger ledger = begun.ledger(copy.ledger());
        String where = ledger.counter() + " on " + copy.node();
        reads.stream()
                .filter(read -> read.rows() != read.pairs())
                .findFirst()
                .ifPresent(read -> add(
                        Invariant.I3,
                        ledger.canary() + " on " + copy.node() + " had " + read.rows() + " rows, of" + " which "
                                + read.pairs() + " were different, at " + read.at() + " ms"));
        reads.stream()
                .filter(read -> read.pairs() != 2 * read.transactions())
                .findFirst()
                .ifPresent(read -> add(
                        Invariant.I5,
                        ledger.canary() + " on " + copy.node() + " had " + read.pairs() + " rows of "
                                + read.transactions() + " transactions at " + read.at() + " ms"));
        reads.stream()
                .filter(read -> read.n() != read.transactions() || read.n() != read.last())
                .findFirst()
                .ifPresent(read -> add(
                        Invariant.I4,
                        where + " was " + read.n() + " with " + read.transactions() + " transactions up to "
                                + read.last() + " at " + read.at() + " ms"));
        for (int i = 1; i < reads.size(); i++) {
            pair(where, copy.durable(), reads.get(i - 1), reads.get(i));
        }
    }

    private void pair(String where, boolean durable, Read before, Read after) {
        if (isReplaced(before, after)) {
            return;
        }
        boolean restarted = !before.started().equals(after.started());
        boolean sameOrigin = !restarted && before.source().equals(after.source());
        if (after.n() < before.n() && (durable || !restarted)) {
            add(Invariant.I11, where + " fell from " + before.n() + " to " + after.n() + " at " + after.at() + " ms");
        }
        // The origin's position moves in memory before the commit is flushed, so a crash may take it back even when
        // the commit is durable before it is seen.
        if (sameOrigin
                && !before.applied().isEmpty()
                && (after.applied().isEmpty()
                        || Lsn.parse(after.applied()).compareTo(Lsn.parse(before.applied())) < 0)) {
            add(
                    Invariant.I10,
                    "the origin behind " + where + " fell from " + before.applied() + " to \"" + after.applied()
                            + "\" at " + after.at() + " ms");
        }
    }

    /** One that is a standby of its successor now has given up what only it had. */
    private boolean isReplaced(Read before, Read after) {
        return rejoined.stream()
                .anyMatch(it -> LedgerChecks.server(before.node()).equals(it.node())
                        && before.at() <= it.at()
                        && after.at() >= it.at() - it.tookMillis()
                        && !before.started().equals(after.started()));
    }

    private void tried(Tried tried) {
        String state = tried.sqlState();
        String what = tried.attempt() + " on " + tried.table() + " on " + tried.node() + " at " + tried.at() + " ms ";
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
        long least = confirmedUpTo(promoted.ledger(), Lsn.parse(promoted.confirmed()));
        if (promoted.n() < least) {
            add(
                    Invariant.I12,
                    "slot " + promoted.slot() + " had confirmed " + promoted.confirmed() + ", and with it counter "
                            + least + ", but " + promoted.node() + " had " + promoted.n() + " when it was promoted");
        }
    }

    private long confirmedUpTo(String ledger, Lsn lsn) {
        Map.Entry<Lsn, Long> counter =
                acknowledged.getOrDefault(ledger, new TreeMap<>()).floorEntry(lsn);
        return counter == null ? 0 : counter.getValue();
    }

    /** What was confirmed before the crash is there at the first look after it: the publisher sends it no more. */
    private void confirmed(Confirmed confirmed) {
        long least = confirmedUpTo(confirmed.ledger(), Lsn.parse(confirmed.lsn()));
        Map.Entry<Long, Read> after = looks.getOrDefault(at(confirmed.node(), confirmed.ledger()), new TreeMap<>())
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
