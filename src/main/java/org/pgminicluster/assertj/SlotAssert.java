package org.pgminicluster.assertj;

import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.pgminicluster.cluster.MiniCluster.Seen;
import org.pgminicluster.cluster.Node;
import org.pgminicluster.cluster.SlotStatus;

/**
 * Assertions about a replication slot on its node.
 *
 * @see <a href="https://www.postgresql.org/docs/13/view-pg-replication-slots.html">pg_replication_slots</a>
 */
public final class SlotAssert extends StateAssert<SlotAssert, String> {

    SlotAssert(Node node, String name) {
        super(name, SlotAssert.class, node);
    }

    /** There is a slot of that name. */
    public SlotAssert exists() {
        return holds(sentence("exist"), look(status -> true));
    }

    /** There is no slot of that name. */
    public SlotAssert isAbsent() {
        return holdsWhateverFails(sentence("be absent"), () -> {
            Optional<SlotStatus> status = node().currentSlot(actual);
            return new Seen(
                    status.isEmpty(),
                    status.map(found -> "it is there: " + found).orElse("there is none"));
        });
    }

    /** Somebody streams from it. */
    public SlotAssert isActive() {
        return holds(sentence("be active"), look(SlotStatus::active));
    }

    /** Nobody streams from it. */
    public SlotAssert isInactive() {
        return holdsWhateverFails(sentence("be inactive"), look(status -> !status.active()));
    }

    /** The WAL that it needs has been removed: whoever used it must begin anew. */
    public SlotAssert isLost() {
        return hasWalStatus("lost");
    }

    /** {@code reserved}, {@code extended}, {@code unreserved} or {@code lost}; from PostgreSQL 13. */
    public SlotAssert hasWalStatus(String walStatus) {
        return holdsWhateverFails(
                sentence("have the WAL status " + walStatus),
                look(status -> status.walStatus().equals(Optional.of(walStatus))));
    }

    /**
     * Not more than that many bytes of WAL lie between what the server has written and what the slot's user has
     * confirmed. A server writes a little WAL by itself, so 0 is only reached with {@link #eventually()}.
     */
    public SlotAssert lagsAtMost(long bytes) {
        return holds(
                sentence("lag at most " + bytes + (bytes == 1 ? " byte" : " bytes") + " behind"),
                look(status -> status.lag().filter(lag -> lag <= bytes).isPresent()));
    }

    private String sentence(String rule) {
        return "slot " + actual + " on " + node() + " to " + rule;
    }

    private Supplier<Seen> look(Predicate<SlotStatus> rule) {
        return () -> node().currentSlot(actual)
                .map(status -> new Seen(rule.test(status), "it is " + status))
                .orElseGet(() -> new Seen(false, "there is none on " + node()));
    }
}
