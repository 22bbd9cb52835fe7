package org.pgminicluster.lab.check;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.pgminicluster.topology.TableName;

/** What was found out beyond the catalogs, by several threads; without an entry where it was not tried. */
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

    /** Whether anything was tried by writing, whatever came of it. */
    synchronized boolean isWritten() {
        boolean arrived = arrivals.values().stream().anyMatch(findings -> !findings.isEmpty());
        return arrived || !guards.isEmpty() || backup != null;
    }

    synchronized void guard(Survey node, TableName table, GuardTrial trial) {
        guards.put(new Place(node.node(), table), trial);
    }

    synchronized Optional<GuardTrial> guard(Survey node, TableName table) {
        return Optional.ofNullable(guards.get(new Place(node.node(), table)));
    }

    synchronized void owner(Survey node, TableName table, GuardTrial.Outcome outcome) {
        owners.put(new Place(node.node(), table), outcome);
    }

    synchronized Optional<GuardTrial.Outcome> owner(Survey node, TableName table) {
        return Optional.ofNullable(owners.get(new Place(node.node(), table)));
    }

    synchronized void comparison(Survey node, TableName table, RowComparison comparison) {
        comparisons.put(new Place(node.node(), table), comparison);
    }

    /** How the copy of a node compares with the original. */
    synchronized Optional<RowComparison> comparison(Survey node, TableName table) {
        return Optional.ofNullable(comparisons.get(new Place(node.node(), table)));
    }

    synchronized void arrival(TableName table, List<Finding> findings) {
        arrivals.put(table, findings);
    }

    synchronized List<Finding> arrival(TableName table) {
        return arrivals.getOrDefault(table, List.of());
    }

    synchronized void backup(Finding finding) {
        backup = finding;
    }

    synchronized Optional<Finding> backup() {
        return Optional.ofNullable(backup);
    }

    /** The standby has replayed what its primary had written when it was asked. */
    synchronized void replayed() {
        replayed = true;
    }

    synchronized boolean isReplayed() {
        return replayed;
    }
}
