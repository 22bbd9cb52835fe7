package org.pgminicluster.standby;

import java.util.HashMap;
import java.util.Map;

/** Counts how often in a row nobody needs a failover slot: a subscription that was dropped may be made again. */
final class Orphans {

    private static final int LOOKS = 25;

    private record Place(String publisher, String slot) {}

    private final Map<Place, Integer> looks = new HashMap<>();

    /**
     * Whether enough looks in a row, this one among them, have found nobody who needs it.
     *
     * @param needed whether this look has found somebody
     */
    boolean isOne(String publisher, String slot, boolean needed) {
        Place place = new Place(publisher, slot);
        if (needed) {
            looks.remove(place);
            return false;
        }
        if (looks.merge(place, 1, Integer::sum) < LOOKS) {
            return false;
        }
        looks.remove(place);
        return true;
    }
}
