package org.pgminicluster.lab.check;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.pgminicluster.topology.TableName;

/** What was found out beyond the catalogs; without an entry where it was not tried. */
final class Evidence {

    /** Something about a table of a node. */
    private record Place(String node, TableName table) {}

    private final boolean readOnly;
    private final Map<Place, GuardTrial> guards = new HashMap<>();
    private final Map<Place, GuardTrial.Outcome> owners = new HashMap<>();
    private final Map<Place, RowComparison> comparisons = new HashMap<>();
    private final Map<TableName, List<Finding>> arrivals = new HashMap<>();
    private @Nullable Finding backup;
    private boolean replayed;

    /** @param readOnly whether nothing was to be written */
    Evidence(boolean readOnly) {
        this.readOnly = readOnly;
    }

    boolean isReadOnly() {
        return readOnly;
    }

    void guard(Survey node, TableName table, GuardTrial trial) {
        guards.put(new Place(node.node(), table), trial);
    }

    Optional<GuardTrial> guard(Survey node, TableName table) {
        return Optional.ofNullable(guards.get(new Place(node.node(), table)));
    }

    void owner(Survey node, TableName table, GuardTrial.Outcome outcome) {
        owners.put(new Place(node.node(), table), outcome);
    }

    Optional<GuardTrial.Outcome> owner(Survey node, TableName table) {
        return Optional.ofNullable(owners.get(new Place(node.node(), table)));
    }

    void comparison(Survey node, TableName table, RowComparison comparison) {
        comparisons.put(new Place(node.node(), table), comparison);
    }

    /** How the copy of a node compares with the original. */
    Optional<RowComparison> comparison(Survey node, TableName table) {
        return Optional.ofNullable(comparisons.get(new Place(node.node(), table)));
    }

    void arrival(TableName table, List<Finding> findings) {
        arrivals.put(table, findings);
    }

    List<Finding> arrival(TableName table) {
        return arrivals.getOrDefault(table, List.of());
    }

    void backup(Finding finding) {
        backup = finding;
    }

    Optional<Finding> backup() {
        return Optional.ofNullable(backup);
    }

    /** The standby has replayed what its primary had written when it was asked. */
    void replayed() {
        replayed = true;
    }

    boolean isReplayed() {
        return replayed;
    }
}
