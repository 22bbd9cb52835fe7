package org.pgminicluster.history;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.pgminicluster.topology.Publication;
import org.pgminicluster.topology.Publication.Operation;
import org.pgminicluster.topology.TableName;

/**
 * A ledger, and the way on which it and the tables that are written with it travel.
 *
 * @param ledger the ledger
 * @param origin where it is written
 * @param hops the way, the nearest hops first
 * @param tables the tables on it that a publication lists and that are written here; those that travel with all others are
 *     known only to the catalogs
 */
record Route(Ledger ledger, Site origin, List<Hop> hops, List<TableName> tables) {

    Route {
        hops = List.copyOf(hops);
        tables = List.copyOf(tables);
    }

    /** Where it arrives. */
    List<Site> copies() {
        return hops.stream()
                .map(Hop::to)
                .filter(place -> !place.equals(origin))
                .distinct()
                .toList();
    }

    List<Site> places() {
        return Stream.concat(Stream.of(origin), copies().stream()).toList();
    }

    boolean reaches(Site place) {
        return copies().contains(place);
    }

    /** Whether rows of both come together somewhere. */
    boolean meets(Route other) {
        return places().stream().anyMatch(other.places()::contains);
    }

    /** The hops of the subscription by which it comes to a place. */
    List<Hop> into(Site place) {
        Hop first =
                hops.stream().filter(hop -> hop.to().equals(place)).findFirst().orElseThrow();
        return hops.stream().filter(first::isOfSameSubscription).toList();
    }

    /** Whether all that is on the way lets such changes through. */
    boolean publishes(Operation operation) {
        return hops.stream().allMatch(hop -> hop.publication().publish().contains(operation));
    }

    /** What of a table can be at a place: columns that are left out or rows that are filtered away anywhere are not. */
    TableView view(KeyedTable table, Site place) {
        List<String> left = new ArrayList<>(table.columnNames());
        left.addAll(table.stored());
        List<String> filters = new ArrayList<>();
        for (Site here = place; !here.equals(origin); here = into(here).get(0).from()) {
            List<Hop> last = into(here);
            for (Hop hop : last) {
                List<String> listed =
                        hop.listed(table.name()).map(Publication.Table::columns).orElse(List.of());
                if (!listed.isEmpty()) {
                    left.retainAll(listed);
                } else if (hop.from().equals(origin) && !hop.publishesStored()) {
                    // Further on it is a column like any other.
                    left.removeAll(table.stored());
                }
            }
            // Of several publications one that takes the row is enough.
            List<Optional<String>> wheres = last.stream()
                    .map(hop -> hop.listed(table.name()).flatMap(Publication.Table::where))
                    .toList();
            if (wheres.stream().allMatch(Optional::isPresent)) {
                filters.add(String.join(
                        " OR ",
                        wheres.stream()
                                .flatMap(Optional::stream)
                                .map(where -> "(" + where + ")")
                                .toList()));
            }
        }
        return new TableView(
                left,
                String.join(" AND ", filters.stream().map(it -> "(" + it + ")").toList()));
    }
}
