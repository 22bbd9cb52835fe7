package org.pgminicluster.standby;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.pgminicluster.state.Lsn;
import org.pgminicluster.state.SlotState;
import org.pgminicluster.topology.TableName;

/**
 * What is known before a guarded failover, read from servers or made up.
 *
 * @param from the primary
 * @param to the standby
 * @param inherited what the standby has replayed of the primary's subscriptions
 * @param own what the primary has; empty if it does not answer
 * @param publishers those that answer, by name
 * @param slotName the failover slot's name for a subscription
 * @param known up to where the standby was seen to have everything of a subscription
 */
record FailoverFacts(
        String from,
        String to,
        List<Followed> inherited,
        Optional<List<Followed>> own,
        Map<String, Publisher> publishers,
        Function<Followed, String> slotName,
        Function<Followed, Lsn> known) {

    /**
     * @param slots its logical slots, by name
     * @param published the tables that it publishes to a subscription, by the subscription's oid; asked only if the primary
     *     does not answer
     * @param unclaimed the slots that nobody else claims; asked only if the primary does not answer
     */
    record Publisher(Map<String, SlotState> slots, Map<Long, List<TableName>> published, List<String> unclaimed) {}

    FailoverFacts {
        inherited = List.copyOf(inherited);
        publishers = Collections.unmodifiableMap(new LinkedHashMap<>(publishers));
    }
}
