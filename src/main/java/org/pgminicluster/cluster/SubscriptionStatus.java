package org.pgminicluster.cluster;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.pgminicluster.journal.Row;
import org.pgminicluster.topology.TableName;

/**
 * A subscription as its node's catalogs have it at one moment.
 *
 * @param name its name
 * @param enabled whether it is to run
 * @param slot its slot on the publisher; empty if it has none
 * @param worker the pid of its apply worker, if one runs
 * @param tables its tables and how far their copies have come
 */
public record SubscriptionStatus(
        String name, boolean enabled, Optional<String> slot, OptionalInt worker, Map<TableName, SyncState> tables) {

    private static final String SUBSCRIPTION = """
            SELECT s.subenabled, s.subslotname, st.pid
              FROM pg_subscription s
              LEFT JOIN pg_stat_subscription st ON st.subid = s.oid AND st.relid IS NULL
             WHERE s.subname = ? AND s.subdbid = (SELECT oid FROM pg_database WHERE datname = current_database())""";

    private static final String TABLES = """
            SELECT n.nspname, c.relname, r.srsubstate
              FROM pg_subscription_rel r
              JOIN pg_subscription s ON s.oid = r.srsubid
              JOIN pg_class c ON c.oid = r.srrelid
              JOIN pg_namespace n ON n.oid = c.relnamespace
             WHERE s.subname = ? ORDER BY 1, 2""";

    public SubscriptionStatus {
        tables = Collections.unmodifiableMap(new LinkedHashMap<>(tables));
    }

    static Optional<SubscriptionStatus> read(Node node, String name) {
        return node.look(SUBSCRIPTION, name).values().stream().findFirst().map(row -> read(node, name, row));
    }

    private static SubscriptionStatus read(Node node, String name, Row row) {
        Map<TableName, SyncState> tables = new LinkedHashMap<>();
        node.look(TABLES, name)
                .values()
                .forEach(table -> tables.put(new TableName(table.text(0), table.text(1)), SyncState.of(table.text(2))));
        @Nullable String pid = row.get(2);
        return new SubscriptionStatus(
                name,
                "t".equals(row.get(0)),
                Optional.ofNullable(row.get(1)),
                pid == null ? OptionalInt.empty() : OptionalInt.of(Integer.parseInt(pid)),
                tables);
    }

    /** Whether it has a table and all its tables are copied. */
    public boolean isSynced() {
        return !tables.isEmpty()
                && tables.values().stream()
                        .allMatch(state -> state == SyncState.READY || state == SyncState.SYNCHRONIZED);
    }

    /** Such as {@code enabled, worker runs, tables: test ready (r)}. */
    @Override
    public String toString() {
        String each = tables.entrySet().stream()
                .map(table -> table.getKey() + " " + table.getValue())
                .collect(Collectors.joining(", "));
        return (enabled ? "enabled" : "disabled") + ", " + (worker.isPresent() ? "worker runs" : "no worker") + ", "
                + (slot.isPresent() ? "" : "no slot, ")
                + (each.isEmpty() ? "no tables" : "tables: " + each);
    }
}
