package org.pgminicluster.lab.check;

import org.jspecify.annotations.Nullable;

/**
 * A column.
 *
 * @param type as SQL writes it
 * @param key whether it is part of the primary key
 * @param needed whether a row must be given a value of it
 * @param computed whether the server makes it out of others
 * @param always whether it is an identity that takes no value of an UPDATE
 * @param refers whether it must be found in another table
 * @param madeUp an expression that makes a value out of {@code made_up.v}; null if nothing is known of its type
 */
record ColumnFacts(
        String name,
        String type,
        boolean key,
        boolean needed,
        boolean computed,
        boolean always,
        boolean refers,
        @Nullable String madeUp) {

    /** Whether a made-up row has it. */
    boolean isMadeUp() {
        return madeUp != null && !computed && (key || needed || !refers);
    }
}
