package org.pgminicluster.lab.check;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.pgminicluster.session.Session;
import org.pgminicluster.session.SqlFailedException;

/**
 * Writes a row into the table of a node, sees where it arrives, and takes it back. Nothing is written that could not be taken
 * back everywhere, nor where a row that arrives would stop anything.
 */
final class ArrivalTrial {

    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final int TRIES = 5;
    /** Of nine digits, so that it fits an integer. */
    private static final int FIRST = 100_000_000;

    private static final int LAST = 999_999_990;

    private final SeenHomework homework;
    private final SeenHomework.Shared shared;
    private final Sessions sessions;
    private final TableFacts table;
    private final String where;

    private ArrivalTrial(SeenHomework homework, SeenHomework.Shared shared, TableFacts table, Sessions sessions) {
        this.homework = homework;
        this.shared = shared;
        this.sessions = sessions;
        this.table = table;
        this.where = shared.owner().node();
    }

    static long number() {
        return ThreadLocalRandom.current().nextInt(FIRST, LAST);
    }

    /** What was seen; empty if nothing was tried since nothing streams yet. */
    static List<Finding> of(SeenHomework homework, SeenHomework.Shared shared, Sessions sessions) {
        return shared.owner()
                .table(shared.name())
                .map(table -> new ArrivalTrial(homework, shared, table, sessions).run())
                .orElse(List.of());
    }

    private List<Finding> run() {
        Map<String, TableFacts> receivers = receivers();
        if (!receivers.containsKey(shared.copy().node())) {
            return List.of();
        }
        Optional<Finding> obstacle = obstacle(receivers);
        if (obstacle.isPresent()) {
            return List.of(obstacle.get());
        }
        Optional<MadeUpRow> free;
        try {
            free = free(receivers);
        } catch (SqlFailedException e) {
            return List.of(unreadable(e));
        }
        if (free.isEmpty()) {
            return List.of(Finding.untold("arrives-unfit", where, shared.name().toString()));
        }
        MadeUpRow row = free.get();
        Session owner = sessions.of(shared.owner());
        long start;
        try {
            tryBoth(owner, row);
            start = System.nanoTime();
            owner.execute(row.insert());
        } catch (SqlFailedException e) {
            return List.of(
                    e.sqlState().equals(GuardTrial.NO_RIGHT)
                            ? unreadable(e)
                            : Finding.wrong(
                                    "arrives-refused", where, shared.name().toString(), e.serverMessage()));
        }
        List<String> missing;
        long millis;
        try {
            missing = without(receivers, row, true);
            millis = (System.nanoTime() - start) / 1_000_000;
        } finally {
            owner.execute(row.delete());
        }
        List<String> left = without(receivers, row, false);
        List<Finding> findings = new ArrayList<>();
        String all = String.join(", ", receivers.keySet());
        long backlog = List.of(shared.copy(), homework.vm3()).stream()
                .mapToLong(node -> homework.backlog(shared, node))
                .max()
                .orElse(0);
        if (missing.isEmpty()) {
            findings.add(Finding.done("arrives-done", where, shared.name().toString(), all, Long.toString(millis)));
        } else if (backlog > 0) {
            findings.add(Finding.notYet("arrives-behind", where, shared.name().toString(), Long.toString(backlog)));
        } else {
            findings.add(Finding.wrong(
                    "arrives-not",
                    where,
                    shared.name().toString(),
                    String.join(", ", missing),
                    Long.toString(PATIENCE.toSeconds())));
        }
        if (missing.isEmpty() && !left.isEmpty()) {
            findings.add(Finding.wrong(
                    "arrives-left", where, shared.name().toString(), String.join(", ", left), row.delete()));
        }
        return findings;
    }

    /** What cannot be deleted must not be inserted. */
    private static void tryBoth(Session owner, MadeUpRow row) {
        owner.execute("BEGIN");
        try {
            owner.execute(row.insert());
            owner.execute(row.delete());
        } finally {
            owner.execute("ROLLBACK");
        }
    }

    private Finding unreadable(SqlFailedException e) {
        if (!e.sqlState().equals(GuardTrial.NO_RIGHT)) {
            throw e;
        }
        return Finding.untold("arrives-right", where, shared.name().toString(), e.node());
    }

    /** Who should get it, with their tables: subscribers, and the standby of one. */
    private Map<String, TableFacts> receivers() {
        Map<String, TableFacts> receivers = new LinkedHashMap<>();
        for (Survey node : List.of(shared.copy(), homework.vm3())) {
            boolean streams = homework.bringing(shared, node).stream().anyMatch(link -> link.streams(shared.name()));
            if (streams) {
                node.table(shared.name()).ifPresent(found -> receivers.put(node.node(), found));
            }
        }
        if (receivers.containsKey(homework.vm3().node())) {
            homework.vm4()
                    .filter(standby -> standby.recovery() != null && standby.hasDatabase())
                    .flatMap(standby -> standby.table(shared.name()))
                    .ifPresent(found -> receivers.put(SeenHomework.NAMES.get(3), found));
        }
        return receivers;
    }

    private Optional<Finding> obstacle(Map<String, TableFacts> receivers) {
        String name = shared.name().toString();
        // A great copy without the key would be read whole to find the row.
        boolean keyed = receivers.values().stream()
                .allMatch(copy -> copy.isSmall() || copy.key().equals(table.key()));
        if (table.key().isEmpty() || !keyed) {
            return Optional.of(Finding.untold("arrives-no-key", where, name));
        }
        Optional<ColumnFacts> unfit = MadeUpRow.obstacle(table);
        if (unfit.isPresent()) {
            return Optional.of(Finding.untold(
                    "arrives-no-value",
                    where,
                    name,
                    unfit.get().name(),
                    unfit.get().type()));
        }
        boolean whole = shared.owner().publicationsOf(shared.name()).stream()
                .allMatch(it -> it.acts().containsAll(List.of("INSERT", "DELETE")));
        return whole ? Optional.empty() : Optional.of(Finding.untold("arrives-some", where, name));
    }

    private boolean isThere(String node, MadeUpRow row) {
        return sessions.of(node).query(row.count()).number() > 0;
    }

    /** A row of a key that is nowhere, since one that met another would stop the subscription. */
    private Optional<MadeUpRow> free(Map<String, TableFacts> receivers) {
        for (int i = 0; i < TRIES; i++) {
            MadeUpRow row = MadeUpRow.of(table, number());
            boolean isFree = sessions.of(shared.owner()).query(row.count()).number() == 0
                    && without(receivers.keySet(), row, true).size() == receivers.size();
            if (isFree) {
                return Optional.of(row);
            }
        }
        return Optional.empty();
    }

    /** Those which do not come to have it, or not to have it, in a while. */
    private List<String> without(Map<String, TableFacts> receivers, MadeUpRow row, boolean wanted) {
        sessions.comes(PATIENCE, () -> without(receivers.keySet(), row, wanted).isEmpty());
        return without(receivers.keySet(), row, wanted);
    }

    private List<String> without(Iterable<String> receivers, MadeUpRow row, boolean wanted) {
        List<String> without = new ArrayList<>();
        for (String node : receivers) {
            if (isThere(node, row) != wanted) {
                without.add(node);
            }
        }
        return without;
    }
}
