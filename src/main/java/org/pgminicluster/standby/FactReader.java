package org.pgminicluster.standby;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.pgminicluster.runtime.Member;
import org.pgminicluster.session.SqlFailedException;
import org.pgminicluster.state.SlotState;
import org.pgminicluster.topology.TableName;

/** Asks a pair and its publishers for what a guarded failover is decided by, and changes nothing. */
final class FactReader {

    private static final String PUBLISHED = """
            SELECT DISTINCT schemaname, tablename FROM pg_publication_tables
             WHERE pubname = ANY (?::text[]) ORDER BY 1, 2""";

    private final Member from;
    private final Member to;
    private final FailoverSlots failoverSlots;
    private final Map<String, Map<String, SlotState>> slots = new LinkedHashMap<>();

    FactReader(Member from, Member to, FailoverSlots failoverSlots) {
        this.from = from;
        this.to = to;
        this.failoverSlots = failoverSlots;
    }

    FailoverFacts read() {
        // The slots first: they are moved behind the positions, and never past them.
        StandbySubscription.on(to).stream()
                .map(StandbySubscription::publisher)
                .filter(Member::isAwake)
                .forEach(this::slotsOf);
        List<StandbySubscription> inherited = StandbySubscription.withTables(to);
        Optional<List<Followed>> own = primarys();
        Map<String, FailoverFacts.Publisher> publishers = new LinkedHashMap<>();
        if (own.isEmpty()) {
            SlotOwners owners = new SlotOwners(from, inherited);
            for (Member publisher : owners.others()) {
                Map<String, SlotState> its = slotsOf(publisher);
                publishers.put(
                        publisher.name(),
                        new FailoverFacts.Publisher(
                                its, published(publisher, inherited), owners.unclaimed(publisher, its.values())));
            }
        } else {
            slots.forEach((name, its) -> publishers.put(name, new FailoverFacts.Publisher(its, Map.of(), List.of())));
        }
        return new FailoverFacts(
                from.name(),
                to.name(),
                inherited.stream().map(StandbySubscription::followed).toList(),
                own,
                publishers,
                failoverSlots::nameFor,
                failoverSlots::known);
    }

    private Optional<List<Followed>> primarys() {
        if (!from.isAwake()) {
            return Optional.empty();
        }
        try {
            return Optional.of(StandbySubscription.withTables(from).stream()
                    .map(StandbySubscription::followed)
                    .toList());
        } catch (SqlFailedException e) {
            return Optional.empty();
        }
    }

    /** Through the database that each of them follows. */
    private static Map<Long, List<TableName>> published(Member publisher, List<StandbySubscription> inherited) {
        Map<Long, List<TableName>> published = new HashMap<>();
        for (StandbySubscription subscription : inherited) {
            if (subscription.publisher().name().equals(publisher.name())) {
                published.put(
                        subscription.oid(),
                        subscription
                                .publisher()
                                .look(PUBLISHED, subscription.state().publications())
                                .values()
                                .stream()
                                .map(row -> new TableName(row.text(0), row.text(1)))
                                .toList());
            }
        }
        return published;
    }

    private Map<String, SlotState> slotsOf(Member publisher) {
        return slots.computeIfAbsent(publisher.name(), name -> LogicalSlots.on(publisher));
    }
}
