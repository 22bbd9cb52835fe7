package org.pgminicluster.state;

import java.io.Serializable;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;
import org.pgminicluster.journal.Row;
import org.pgminicluster.journal.Rows;

/**
 * What one node says of replication at one moment.
 *
 * @param name the node
 * @param database the one in which was looked for what all of its databases have in common
 * @param condition whether it runs and answers
 * @param state the same in words, with its address or why it did not answer
 * @param written up to where it has written its WAL, or replayed it; null if it did not answer
 * @param slots its slots, and the walsenders without one
 * @param subscriptions those of its databases, with their tables
 * @param recovery how it follows; null if it is no standby
 * @param rowSecurity the published tables of which some subscriber's role copies only what policies show to it
 * @param waiting the backends that wait for a lock or for another process
 * @param logTail the last lines of its log
 */
@API(status = API.Status.MAINTAINED)
public record NodeState(
        String name,
        String database,
        Condition condition,
        String state,
        @Nullable Lsn written,
        List<SlotState> slots,
        List<SubscriptionState> subscriptions,
        @Nullable RecoveryState recovery,
        List<RowSecurity> rowSecurity,
        Rows waiting,
        List<String> logTail)
        implements Serializable {

    /** Whether a node runs, and answers. */
    public enum Condition {
        /** It answers. */
        RUNNING,
        /** It answers, and is in recovery. */
        STANDBY,
        /** It is frozen. */
        PAUSED,
        /** No server runs. */
        DOWN,
        /** It runs and did not answer. */
        SILENT
    }

    public NodeState {
        slots = List.copyOf(slots);
        subscriptions = List.copyOf(subscriptions);
        rowSecurity = List.copyOf(rowSecurity);
        logTail = List.copyOf(logTail);
    }

    /** One that says nothing. */
    static NodeState silent(String name, String database, Condition condition, String state, List<String> logTail) {
        return new NodeState(
                name,
                database,
                condition,
                state,
                null,
                List.of(),
                List.of(),
                null,
                List.of(),
                new Rows(List.of(), List.of()),
                logTail);
    }

    public boolean answers() {
        return condition == Condition.RUNNING || condition == Condition.STANDBY;
    }

    public Optional<SlotState> slot(String slotName) {
        return slots.stream().filter(slot -> slot.name().equals(slotName)).findFirst();
    }

    /** The same as tables that a person reads, by title. */
    Map<String, Rows> tables() {
        if (!answers()) {
            return Map.of();
        }
        Map<String, Rows> tables = new LinkedHashMap<>();
        tables.put(
                "replication slots",
                table(
                        "slot_name type database active active_pid restart_lsn confirmed",
                        slots.stream()
                                .filter(slot -> !slot.name().isEmpty())
                                .map(slot -> Row.of(
                                        slot.name(),
                                        slot.physical() ? "physical" : "logical",
                                        slot.database(),
                                        slot.active(),
                                        slot.activePid(),
                                        slot.restart(),
                                        slot.confirmed()))
                                .toList()));
        tables.put(
                "walsenders",
                table(
                        "application_name pid state sent flushed replayed sync",
                        slots.stream()
                                .map(SlotState::walsender)
                                .filter(Objects::nonNull)
                                .map(sender -> Row.of(
                                        sender.application(),
                                        sender.pid(),
                                        sender.phase(),
                                        sender.sent(),
                                        sender.flushed(),
                                        sender.replayed(),
                                        sender.sync()))
                                .toList()));
        tables.put("waiting backends", waiting);
        tables.put(
                "row security that holds for subscribers",
                table(
                        "database table role",
                        rowSecurity.stream()
                                .map(held -> Row.of(held.database(), held.table(), held.role()))
                                .toList()));
        if (recovery != null) {
            tables.put(
                    "standby",
                    table(
                            "slot receiver received replayed last\u00a0commit",
                            List.of(Row.of(
                                    recovery.slot(),
                                    recovery.receiver(),
                                    recovery.received(),
                                    recovery.replayed(),
                                    recovery.lastCommit()))));
        }
        List<String> databases = subscriptions.stream()
                .map(SubscriptionState::database)
                .distinct()
                .toList();
        for (String each : databases) {
            List<SubscriptionState> there = subscriptions.stream()
                    .filter(subscription -> subscription.database().equals(each))
                    .toList();
            String in = each.equals(database) ? "" : " in " + each;
            tables.put(
                    "subscriptions" + in,
                    table(
                            "subscription enabled slot worker received applied",
                            there.stream()
                                    .map(subscription -> Row.of(
                                            subscription.name(),
                                            subscription.enabled(),
                                            subscription.slotName(),
                                            subscription.workerPid(),
                                            subscription.received(),
                                            subscription.applied()))
                                    .toList()));
            tables.put(
                    "subscribed tables" + in,
                    table(
                            "subscription table state lsn",
                            there.stream()
                                    .flatMap(subscription -> subscription.tables().stream()
                                            .map(table -> Row.of(
                                                    subscription.name(),
                                                    table.shown(),
                                                    table.state().letter(),
                                                    table.since())))
                                    .toList()));
        }
        return Collections.unmodifiableMap(tables);
    }

    private static Rows table(String columns, List<Row> rows) {
        return new Rows(
                List.of(columns.split(" ")).stream()
                        .map(column -> column.replace('\u00a0', ' '))
                        .toList(),
                rows);
    }

    String text() {
        String views = tables().entrySet().stream()
                .filter(view -> !view.getValue().isEmpty())
                .map(view ->
                        "  " + view.getKey() + "\n" + indent(view.getValue().toString()))
                .collect(Collectors.joining("\n"));
        String log = logTail.isEmpty() ? "    (empty)" : "    " + String.join("\n    ", logTail);
        return "--- " + name + ": " + state + "\n" + views + (views.isEmpty() ? "" : "\n") + "  end of the log\n" + log;
    }

    private static String indent(String text) {
        return text.lines().map(line -> "    " + line).collect(Collectors.joining("\n"));
    }
}
