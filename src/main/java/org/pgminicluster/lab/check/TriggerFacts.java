package org.pgminicluster.lab.check;

import java.util.List;
import java.util.Map;

/**
 * A trigger that somebody has made.
 *
 * @param type the bits of {@code tgtype}
 * @param enabled {@code O}, {@code A}, {@code R} or {@code D}
 * @param function the name of its function
 * @param raises whether that function raises an error anywhere, as far as its text tells
 * @param always whether it does so whatever the row is, as far as its text tells
 * @see <a href="https://www.postgresql.org/docs/13/catalog-pg-trigger.html">pg_trigger</a>
 */
record TriggerFacts(String name, int type, String enabled, String function, boolean raises, boolean always) {

    private static final Map<String, Integer> BITS = Map.of("INSERT", 4, "DELETE", 8, "UPDATE", 16, "TRUNCATE", 32);

    /** What is done to tables, in the order in which people name it. */
    static final List<String> ACTS = List.of("INSERT", "UPDATE", "DELETE", "TRUNCATE");

    boolean fires(String act) {
        return (type & BITS.getOrDefault(act, 0)) != 0;
    }

    boolean isForEachRow() {
        return (type & 1) != 0;
    }

    /** Whether it fires when somebody writes by himself. */
    boolean firesDirectly() {
        return enabled.equals("O") || enabled.equals("A");
    }

    /** Whether it fires for what replication brings. */
    boolean firesReplicated() {
        return enabled.equals("R") || enabled.equals("A");
    }
}
