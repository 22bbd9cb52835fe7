package org.pgminicluster.history;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.pgminicluster.cluster.MiniCluster;
import org.pgminicluster.history.HistoryEvent.LeftOut;
import org.pgminicluster.history.KeyedTable.Ability;
import org.pgminicluster.history.TableCatalog.Unfit;
import org.pgminicluster.topology.Publication.Operation;
import org.pgminicluster.topology.TableName;

/** Finds out on a running cluster which of the topology's own tables are written in a history, and how. */
final class TableSurvey {

    private static final int REPLICATES_TRUNCATE = 11;
    private static final int TRUNCATE_MAY_WAIT = 14;

    private final MiniCluster cluster;
    private final HistoryTopology topology;
    private final Map<String, List<KeyedTable>> tables = new LinkedHashMap<>();
    private final List<LeftOut> leftOut = new ArrayList<>();

    private TableSurvey(MiniCluster cluster, HistoryTopology topology) {
        this.cluster = cluster;
        this.topology = topology;
    }

    static TableSurvey of(MiniCluster cluster, HistoryTopology topology) {
        TableSurvey survey = new TableSurvey(cluster, topology);
        topology.leftOut().forEach((table, why) -> survey.leftOut.add(new LeftOut(table.toString(), why)));
        Map<String, List<TableName>> names = new LinkedHashMap<>();
        for (Route route : topology.routes()) {
            names.put(route.ledger().id(), survey.names(route));
        }
        for (Route route : topology.routes()) {
            List<KeyedTable> fit = new ArrayList<>();
            for (TableName table : names.getOrDefault(route.ledger().id(), List.of())) {
                survey.add(route, table, survey.isShared(route, table, names), fit);
            }
            survey.tables.put(route.ledger().id(), fit);
        }
        survey.leaveOutWhatDiffers();
        return survey;
    }

    /** Those that publications list, and those that they have without listing them. */
    private List<TableName> names(Route route) {
        List<TableName> names = new ArrayList<>(route.tables());
        new TableCatalog(route.origin().in(cluster))
                        .published(route.hops().stream()
                                .filter(hop -> hop.from().equals(route.origin()))
                                .map(Hop::publication)
                                .toList())
                        .stream()
                        .filter(table -> !names.contains(table) && topology.takes(route, table))
                        .forEach(names::add);
        return names;
    }

    /** Whether others write the same table elsewhere, and the rows of all come together. */
    private boolean isShared(Route route, TableName table, Map<String, List<TableName>> names) {
        return topology.routes().stream()
                .anyMatch(other -> other != route
                        && names.getOrDefault(other.ledger().id(), List.of()).contains(table)
                        && other.meets(route));
    }

    private void add(Route route, TableName name, boolean shared, List<KeyedTable> fit) {
        TableCatalog catalog = new TableCatalog(route.origin().in(cluster));
        try {
            KeyedTable table = catalog.read(name);
            if (shared && (table.isKeyless() || !catalog.keepsApart(name))) {
                throw new Unfit("is written on several nodes, and made-up rows of them could have the same key");
            }
            boolean truncates = !shared && oldest() >= REPLICATES_TRUNCATE && catalog.canBeTruncated(name);
            fit.add(new TableTrial(route.origin().in(cluster)).of(table, wanted(route, truncates)));
        } catch (Unfit e) {
            leftOut.add(new LeftOut(name.toString(), e.why()));
        }
    }

    /** The major of the node that can least. */
    private int oldest() {
        return cluster.nodes().stream()
                .mapToInt(node -> node.version().major())
                .min()
                .orElseThrow();
    }

    /** Before 14 one never ends when its commit waits for a subscription. */
    private boolean isTruncateReplicated(Route route) {
        int major = oldest();
        boolean mayHang = topology.waitsAlready(route.origin()) && major < TRUNCATE_MAY_WAIT;
        return major >= REPLICATES_TRUNCATE && !mayHang;
    }

    /** What gets to every copy. */
    private static Set<Ability> wanted(Route route, boolean truncates) {
        Set<Ability> wanted = EnumSet.of(Ability.LARGE);
        if (route.publishes(Operation.UPDATE)) {
            wanted.add(Ability.UPDATE);
            wanted.add(Ability.KEY_CHANGE);
        }
        if (route.publishes(Operation.DELETE)) {
            wanted.add(Ability.DELETE);
        }
        if (truncates && route.publishes(Operation.TRUNCATE)) {
            wanted.add(Ability.TRUNCATE);
        }
        return wanted;
    }

    /** What is not equal before anything was written cannot be expected to be afterwards. */
    private void leaveOutWhatDiffers() {
        for (Route route : topology.routes()) {
            List<KeyedTable> equal = new ArrayList<>();
            for (KeyedTable table : tables(route.ledger())) {
                String different = different(route, table);
                if (different.isEmpty()) {
                    equal.add(table);
                } else {
                    leftOut.add(new LeftOut(
                            table.toString(),
                            "has other rows on " + different + " than on " + route.origin()
                                    + " before the history begins"));
                }
            }
            tables.put(route.ledger().id(), equal);
        }
    }

    private boolean isFedByOthersToo(Route route, KeyedTable table, Site place) {
        return topology.routes().stream()
                .anyMatch(other -> other != route
                        && other.reaches(place)
                        && tables(other.ledger()).stream()
                                .anyMatch(it -> it.name().equals(table.name())));
    }

    /** Where rows that are written here are missing or others; those that others write there say nothing. */
    private String different(Route route, KeyedTable table) {
        for (Site place : route.copies()) {
            TableView view = route.view(table, place);
            Map<String, String> there = TableLook.digests(place.in(cluster), table, view, false);
            Map<String, String> here = TableLook.digests(route.origin().in(cluster), table, view, true);
            if (isFedByOthersToo(route, table, place)) {
                there.keySet().retainAll(here.keySet());
            }
            if (!here.equals(there)) {
                return place.name();
            }
        }
        return "";
    }

    /** The tables that are written with a ledger. */
    List<KeyedTable> tables(Ledger ledger) {
        return tables.getOrDefault(ledger.id(), List.of());
    }

    /** The tables of a ledger that must not be written at a place: those that are guarded, or all where none is. */
    List<KeyedTable> readOnly(Ledger ledger, Site place) {
        List<KeyedTable> guarded = tables(ledger).stream()
                .filter(table -> topology.isGuarded(place, table.name()))
                .toList();
        return guarded.isEmpty() ? tables(ledger) : guarded;
    }

    List<LeftOut> leftOut() {
        return leftOut;
    }
}
