package org.pgminicluster.state;

import java.util.Arrays;
import java.util.Locale;
import org.apiguardian.api.API;

/**
 * How far the copy of a subscribed table has come.
 *
 * @see <a href="https://www.postgresql.org/docs/13/catalog-pg-subscription-rel.html">pg_subscription_rel</a>
 */
@API(status = API.Status.MAINTAINED)
public enum SyncState {
    /** {@code i}: known, nothing is copied yet. */
    INITIALIZE('i'),
    /** {@code d}: its rows are being copied. */
    DATA_COPY('d'),
    /** {@code f}: its rows are copied, what was changed meanwhile is not applied yet (from PostgreSQL 14). */
    FINISHED_COPY('f'),
    /** {@code s}: its own worker has caught up with the subscription's. */
    SYNCHRONIZED('s'),
    /** {@code r}: the subscription's worker applies its changes. */
    READY('r');

    private final char letter;

    SyncState(char letter) {
        this.letter = letter;
    }

    /** As the catalog has it. */
    public String letter() {
        return String.valueOf(letter);
    }

    static SyncState of(String letter) {
        return Arrays.stream(values())
                .filter(state -> letter.equals(String.valueOf(state.letter)))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "expected a state to be one of i, d, f, s, r, but was \"" + letter + "\""));
    }

    /** Such as {@code ready (r)}. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', ' ') + " (" + letter + ")";
    }
}
