package org.pgminicluster.history;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Who has taken over from whom. */
final class Succession {

    private final Map<String, String> successors = new ConcurrentHashMap<>();

    void tookOver(String from, String to) {
        successors.replaceAll((old, now) -> now.equals(from) ? to : now);
        successors.put(from, to);
        successors.remove(to);
    }

    /** Where what was at a place is now. */
    Site now(Site place) {
        String successor = successors.get(place.node());
        return successor == null ? place : place.on(successor);
    }

    /** A subscription with whoever has it now, and the slot that it has there. */
    Feed now(Feed feed, String slot) {
        Site place = now(feed.subscriber());
        return new Feed(place, feed.subscription(), feed.publisher(), slot, feed.durable(), feed.ledgers());
    }
}
