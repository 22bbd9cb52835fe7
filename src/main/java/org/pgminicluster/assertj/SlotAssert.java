package org.pgminicluster.assertj;

import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.apiguardian.api.API;
import org.pgminicluster.MiniClusterException;
import org.pgminicluster.cluster.Node;
import org.pgminicluster.journal.Words;
import org.pgminicluster.state.SlotState;
import org.pgminicluster.state.StateReader;
import org.pgminicluster.wait.Seen;

/**
 * Assertions about a replication slot on its node.
 *
 * @see <a href="https://www.postgresql.org/docs/13/view-pg-replication-slots.html">pg_replication_slots</a>
 */
@API(status = API.Status.MAINTAINED)
public final class SlotAssert extends StateAssert<SlotAssert, String> {

    SlotAssert(Node node, String name) {
        super(name, SlotAssert.class, node.member());
    }

    /** There is a slot of that name. */
    public SlotAssert exists() {
        return holds(Words.of("rule.exist"), look(status -> true));
    }

    /** There is no slot of that name. */
    public SlotAssert isAbsent() {
        return holdsWhateverFails(Words.of("rule.absent"), () -> {
            Optional<SlotState> status = StateReader.slot(node(), actual);
            return Seen.of(
                    status.isEmpty(),
                    status.map(found -> Words.of("seen.there", found)).orElse(Words.of("seen.there-is-none")));
        });
    }

    /** Somebody streams from it. */
    public SlotAssert isActive() {
        return holds(Words.of("rule.active"), look(SlotState::active));
    }

    /** Nobody streams from it. */
    public SlotAssert isInactive() {
        return holdsWhateverFails(Words.of("rule.inactive"), look(status -> !status.active()));
    }

    /**
     * The WAL that it needs has been removed: whoever used it must begin anew.
     *
     * @throws MiniClusterException before PostgreSQL 13, which does not tell it
     */
    public SlotAssert isLost() {
        return hasWalStatus("lost");
    }

    /**
     * {@code reserved}, {@code extended}, {@code unreserved} or {@code lost}.
     *
     * @throws MiniClusterException before PostgreSQL 13, which does not tell it
     */
    public SlotAssert hasWalStatus(String walStatus) {
        if (!node().version().isAtLeast(13)) {
            throw new MiniClusterException("expected " + node().name()
                    + " to be PostgreSQL 13 or later, which tells the WAL status of a slot, but was "
                    + node().version());
        }
        return holdsWhateverFails(
                Words.of("rule.wal-status", walStatus),
                look(status -> status.walStatus().equals(Optional.of(walStatus))));
    }

    /**
     * Not more than that many bytes of WAL lie between what the server has written and what the slot's user has
     * confirmed. A server writes a little WAL by itself, so 0 is only reached with {@link #eventually()}.
     */
    public SlotAssert lagsAtMost(long bytes) {
        return holds(
                Words.of("rule.lag", Words.of(bytes == 1 ? "bytes.one" : "bytes", bytes)),
                look(status -> status.lag().filter(lag -> lag <= bytes).isPresent()));
    }

    @Override
    Words subject() {
        return Words.of("slot", actual, node());
    }

    private Supplier<Seen> look(Predicate<SlotState> rule) {
        return () -> StateReader.slot(node(), actual)
                .map(status -> Seen.of(rule.test(status), Words.of("seen.is", status)))
                .orElseGet(() -> Seen.of(false, Words.of("seen.none-on", node())));
    }
}
