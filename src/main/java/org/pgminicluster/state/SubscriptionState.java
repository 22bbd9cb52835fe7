package org.pgminicluster.state;

import java.io.Serializable;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;
import org.pgminicluster.topology.TableName;

/**
 * A subscription as a node's catalogs have it at one moment.
 *
 * @param oid that of its row, which is another one when it is made again
 * @param name its name
 * @param database the database that has it
 * @param inherited whether the node is a standby, which has it from its primary and does not run it
 * @param enabled whether it is to run
 * @param slotName its slot on the publisher; null if it has none
 * @param conninfo how it connects
 * @param publications their names, as a text array
 * @param workerPid its apply worker; null if none runs
 * @param received up to where that worker was sent the publisher's WAL; null before it was sent anything
 * @param applied up to where the publisher's commits are applied, as the origin has it; null before the first one
 * @param twoPhasePending whether it is to be two-phase once all its tables are copied, and is not yet (from PostgreSQL 15)
 * @param tables its tables, by name; none if this was read in another database than its own
 * @see <a href="https://www.postgresql.org/docs/13/catalog-pg-subscription.html">pg_subscription</a>
 */
@API(status = API.Status.MAINTAINED)
public record SubscriptionState(
        long oid,
        String name,
        String database,
        boolean inherited,
        boolean enabled,
        @Nullable String slotName,
        String conninfo,
        String publications,
        @Nullable Integer workerPid,
        @Nullable Lsn received,
        @Nullable Lsn applied,
        boolean twoPhasePending,
        List<SubscribedTable> tables)
        implements Serializable {

    public SubscriptionState {
        tables = List.copyOf(tables);
    }

    /** Its slot on the publisher. */
    public Optional<String> slot() {
        return Optional.ofNullable(slotName);
    }

    /** The pid of its apply worker. */
    public OptionalInt worker() {
        return workerPid == null ? OptionalInt.empty() : OptionalInt.of(workerPid);
    }

    public Optional<SubscribedTable> table(TableName name) {
        return tables.stream().filter(table -> table.table().equals(name)).findFirst();
    }

    /** Whether it has a table, all its tables are copied, and it is two-phase if it is to be that. */
    public boolean isSynced() {
        return !tables.isEmpty() && !twoPhasePending && tables.stream().allMatch(SubscribedTable::isCopied);
    }

    /** Such as {@code enabled, worker runs, tables: test ready (r)}. */
    @Override
    public String toString() {
        String each = tables.stream()
                .map(table -> table.table() + " " + table.state())
                .collect(Collectors.joining(", "));
        return (enabled ? "enabled" : "disabled") + ", " + (workerPid != null ? "worker runs" : "no worker") + ", "
                + (slotName != null ? "" : "no slot, ")
                + (twoPhasePending ? "two-phase pending, " : "")
                + (each.isEmpty() ? "no tables" : "tables: " + each);
    }
}
