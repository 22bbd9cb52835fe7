package org.pgminicluster.script;

import java.util.Locale;

/** The names of slots that no subscription names. */
public final class Slots {

    private static final int LENGTH = 63;

    private Slots() {}

    /** The physical slot of a standby on its primary. */
    public static String ofStandby(String standby) {
        return tame(standby);
    }

    /** The slot on a publisher that keeps for a standby what it has not replayed of a subscription. */
    public static String guard(String standby, String subscription) {
        String name = guardsOf(standby) + tame(subscription);
        return name.length() <= LENGTH
                ? name
                : name.substring(0, LENGTH - 9) + String.format("_%08x", subscription.hashCode());
    }

    /** Whether it is such a slot, of any subscription. */
    public static boolean isGuard(String standby, String slot) {
        return slot.startsWith(guardsOf(standby));
    }

    private static String guardsOf(String standby) {
        return "guard_" + tame(standby) + "_";
    }

    private static String tame(String name) {
        return name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9_]", "_");
    }
}
