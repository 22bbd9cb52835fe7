package org.pgminicluster.history;

import java.util.List;
import org.pgminicluster.topology.DatabaseSpec;
import org.pgminicluster.topology.Publication;
import org.pgminicluster.topology.TableName;

/** Which subscriptions can be made anew, with all of their rows. */
final class Reseeding {

    private Reseeding() {}

    /**
     * Whether a subscription copies, and its tables are emptied at nobody's expense: they are listed, nobody follows them
     * from there, and no other subscription brings rows into them.
     */
    static boolean isPossible(HistoryTopology history, Feed feed) {
        List<Hop> all = Hop.all(history.topology());
        List<Hop> own = all.stream()
                .filter(hop -> hop.to().equals(feed.subscriber())
                        && hop.subscription().name().equals(feed.subscription()))
                .toList();
        return !own.isEmpty()
                && own.stream().allMatch(hop -> hop.copiesRows() && listsAll(hop.publication()))
                && own.stream()
                        .flatMap(hop -> hop.publication().tables().stream())
                        .map(Publication.Table::name)
                        .noneMatch(table ->
                                publishes(history, feed.subscriber(), table) || isBroughtByOthers(feed, table, all));
    }

    static boolean listsAll(Publication publication) {
        return !publication.allTables() && publication.schemas().isEmpty();
    }

    private static boolean publishes(HistoryTopology history, Site place, TableName table) {
        return history.topology()
                .described(place.node())
                .database(place.database())
                .map(DatabaseSpec::publications)
                .filter(publications -> publications.stream().anyMatch(it -> it.covers(table)))
                .isPresent();
    }

    private static boolean isBroughtByOthers(Feed feed, TableName table, List<Hop> all) {
        return all.stream()
                .filter(hop -> hop.to().equals(feed.subscriber())
                        && !hop.subscription().name().equals(feed.subscription()))
                .anyMatch(hop -> hop.publication().covers(table));
    }
}
