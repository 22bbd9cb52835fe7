package org.pgminicluster.lab.check;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.pgminicluster.server.InParallel;
import org.pgminicluster.state.Lsn;
import org.pgminicluster.state.SubscriptionState;
import org.pgminicluster.topology.TableName;

/** Finds out what catalogs do not tell. */
final class Experiments {

    /** For what is on its way. */
    private static final Duration PATIENCE = Duration.ofMillis(800);

    private static final Duration REPLAY = Duration.ofSeconds(2);

    private static final String WRITTEN = "SELECT pg_current_wal_lsn()";
    private static final String REPLAYED = "SELECT pg_last_wal_replay_lsn()";

    private final Sessions sessions;
    private final Evidence evidence;

    Experiments(Sessions sessions, Evidence evidence) {
        this.sessions = sessions;
        this.evidence = evidence;
    }

    Evidence evidence() {
        return evidence;
    }

    /** What stands once workers have been started and small tables copied, or after a short while. */
    Survey settled(Survey survey) {
        if (!survey.hasDatabase() || survey.server().standby()) {
            return survey;
        }
        List<List<SubscriptionState>> seen = new ArrayList<>(List.of(survey.subscriptions()));
        sessions.comes(PATIENCE, () -> {
            List<SubscriptionState> last = seen.get(seen.size() - 1);
            boolean settled = last.stream().allMatch(it -> !it.enabled() || it.workerPid() != null && it.isSynced());
            if (!settled) {
                seen.add(subscriptions(survey));
            }
            return settled;
        });
        return survey.with(seen.get(seen.size() - 1));
    }

    Survey again(Survey survey) {
        return survey.hasDatabase() ? survey.with(subscriptions(survey)) : survey;
    }

    private List<SubscriptionState> subscriptions(Survey survey) {
        return Surveyor.subscriptions(sessions.of(survey), survey.seesConninfo());
    }

    /** The copies of all nodes with their originals. */
    void compare(SeenHomework homework) {
        for (SeenHomework.Shared shared : homework.shared()) {
            List<Survey> copies = List.of(shared.copy(), homework.vm3()).stream()
                    .filter(copy -> !homework.bringing(shared, copy).isEmpty())
                    .toList();
            for (Survey copy : copies) {
                Optional<TableFacts> original = shared.owner().table(shared.name());
                Optional<TableFacts> copied = copy.table(shared.name());
                if (original.isPresent() && copied.isPresent()) {
                    compare(shared, copy, original.get(), copied.get());
                }
            }
        }
    }

    private void compare(SeenHomework.Shared shared, Survey copy, TableFacts original, TableFacts copied) {
        List<String> theirs = copied.columns().stream().map(ColumnFacts::name).toList();
        List<String> columns = original.columns().stream()
                .map(ColumnFacts::name)
                .filter(theirs::contains)
                .toList();
        boolean whole = original.isSmall() && copied.isSmall();
        boolean comparable =
                whole || !original.key().isEmpty() && original.key().equals(copied.key());
        if (columns.isEmpty() || !comparable) {
            return;
        }
        List<RowComparison> seen = new ArrayList<>();
        sessions.comes(PATIENCE, () -> {
            seen.add(RowComparison.of(
                    RowComparison.rows(sessions.of(shared.owner()), original, columns, whole),
                    RowComparison.rows(sessions.of(copy), copied, columns, whole),
                    whole));
            return seen.get(seen.size() - 1).isEqual();
        });
        // Partitions have no size of their own here; where not all rows were read, they may be others.
        if (!seen.isEmpty() && seen.get(seen.size() - 1).compared() < RowComparison.MOST) {
            evidence.comparison(copy, shared.name(), seen.get(seen.size() - 1));
        }
    }

    /** Those of the copies, and whether owners can write. */
    void tryGuards(SeenHomework homework) {
        InParallel.map(List.of(homework.vm1(), homework.vm2()), node -> {
            for (SeenHomework.Shared shared : homework.shared()) {
                node.table(shared.name())
                        .filter(table -> !node.server().standby())
                        .ifPresent(table -> tryGuard(shared, node, table));
            }
            return true;
        });
    }

    private void tryGuard(SeenHomework.Shared shared, Survey node, TableFacts table) {
        TableName name = shared.name();
        long number = ArrivalTrial.number();
        if (shared.owner().node().equals(node.node())) {
            GuardTrial.Outcome outcome = GuardTrial.ofOwner(sessions.of(node), table, number);
            evidence.owner(node, name, outcome);
        } else {
            GuardTrial trial =
                    GuardTrial.ofCopy(sessions.of(node), table, node.server().superuser(), number);
            evidence.guard(node, name, trial);
        }
    }

    /** A row into each table, seen everywhere and taken back. */
    void write(SeenHomework homework) {
        for (SeenHomework.Shared shared : homework.shared()) {
            if (!shared.owner().server().standby()) {
                evidence.arrival(shared.name(), ArrivalTrial.of(homework, shared, sessions));
            }
        }
    }

    void awaitReplayed(Survey primary, Survey standby) {
        if (primary.server().standby() || standby.recovery() == null) {
            return;
        }
        Lsn written = lsn(primary, WRITTEN);
        if (sessions.comes(REPLAY, () -> lsn(standby, REPLAYED).compareTo(written) >= 0)) {
            evidence.replayed();
        }
    }

    private Lsn lsn(Survey server, String query) {
        return Lsn.parse(
                Optional.ofNullable(sessions.of(server).query(query).value()).orElse("0/0"));
    }
}
