package org.pgminicluster.assertj;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;
import org.pgminicluster.cluster.Node;
import org.pgminicluster.journal.Words;
import org.pgminicluster.server.ServerLog;
import org.pgminicluster.server.WorkerErrors;
import org.pgminicluster.state.Lsn;
import org.pgminicluster.state.StateReader;
import org.pgminicluster.state.SubscriptionState;
import org.pgminicluster.state.SyncState;
import org.pgminicluster.topology.TableName;
import org.pgminicluster.wait.Seen;

/**
 * Assertions about a subscription on its node.
 *
 * @see <a href="https://www.postgresql.org/docs/13/logical-replication-subscription.html">Subscription</a>
 */
@API(status = API.Status.MAINTAINED)
public final class SubscriptionAssert extends StateAssert<SubscriptionAssert, String> {

    private static final String WAITS = """
            SELECT a.wait_event_type || coalesce(' ' || a.wait_event, '')
              FROM pg_stat_subscription s JOIN pg_stat_activity a ON a.pid = s.pid
             WHERE s.subname = ? AND a.datname = current_database() AND a.wait_event_type IS NOT NULL""";

    private ServerLog.Mark mark = new ServerLog.Mark(0);

    SubscriptionAssert(Node node, String name) {
        super(name, SubscriptionAssert.class, node.member());
    }

    /** There is a subscription of that name. */
    public SubscriptionAssert exists() {
        return holds(Words.of("rule.exist"), look(status -> true));
    }

    /** There is no subscription of that name. */
    public SubscriptionAssert isAbsent() {
        return holdsWhateverFails(Words.of("rule.absent"), () -> {
            Optional<SubscriptionState> status = StateReader.subscription(node(), actual);
            return Seen.of(
                    status.isEmpty(),
                    status.map(found -> Words.of("seen.there", found)).orElse(Words.of("seen.there-is-none")));
        });
    }

    /** It has a table, and all its tables are copied. */
    public SubscriptionAssert isSynced() {
        return holds(Words.of("rule.synced"), look(SubscriptionState::isSynced));
    }

    public SubscriptionAssert isEnabled() {
        return holds(Words.of("rule.enabled"), look(SubscriptionState::enabled));
    }

    public SubscriptionAssert isDisabled() {
        return holdsWhateverFails(Words.of("rule.disabled"), look(status -> !status.enabled()));
    }

    /** Its apply worker runs. */
    public SubscriptionAssert hasWorker() {
        return holds(Words.of("rule.worker"), look(status -> status.worker().isPresent()));
    }

    /** Its apply worker does not run: it is disabled, or the worker has failed and is started again later. */
    public SubscriptionAssert hasNoWorker() {
        return holdsWhateverFails(
                Words.of("rule.no-worker"), look(status -> status.worker().isEmpty()));
    }

    /** Its apply worker runs, and is not that one, which has ended: it was started again. */
    public SubscriptionAssert hasWorkerOtherThan(int pid) {
        return holds(
                Words.of("rule.other-worker", pid),
                () -> StateReader.subscription(node(), actual)
                        .map(status -> Seen.of(
                                status.worker().isPresent() && status.worker().getAsInt() != pid,
                                status.worker().isPresent()
                                        ? Words.of(
                                                "seen.worker", status.worker().getAsInt())
                                        : Words.of("seen.no-worker")))
                        .orElseGet(this::absent));
    }

    /** A worker of it waits for a lock that another session has. */
    public SubscriptionAssert waitsForLock() {
        return holdsWhateverFails(Words.of("rule.lock"), () -> {
            List<@Nullable String> waits = node().look(WAITS, actual).column();
            return Seen.of(
                    waits.stream().anyMatch(wait -> wait != null && wait.startsWith("Lock")),
                    waits.isEmpty() ? Words.of("seen.no-waiting") : Words.of("seen.waiting", waits));
        });
    }

    /**
     * What the publisher has committed before that position is applied: the subscription's origin is there, or later.
     *
     * @see <a href="https://www.postgresql.org/docs/13/view-pg-replication-origin-status.html">
     *     pg_replication_origin_status</a>
     */
    public SubscriptionAssert hasApplied(Lsn position) {
        return holds(
                Words.of("rule.applied", position),
                () -> StateReader.subscription(node(), actual)
                        .map(status -> status.applied() == null
                                ? Seen.of(false, Words.of("seen.nothing-applied"))
                                : Seen.of(
                                        status.applied().compareTo(position) >= 0,
                                        Words.of("seen.applied", status.applied())))
                        .orElseGet(this::absent));
    }

    /** {@link #hasFailedWith} looks only at what was logged after the mark. */
    public SubscriptionAssert since(ServerLog.Mark newMark) {
        mark = newMark;
        return this;
    }

    /** A worker of it has failed by that. */
    public SubscriptionAssert hasFailedWith(WorkerError error) {
        return failed(error.toString(), error::is);
    }

    /** A worker of it has failed by an error with this text in the server's message, which majors may word otherwise. */
    public SubscriptionAssert hasFailedWith(String text) {
        return failed(text, message -> message.contains(text));
    }

    private SubscriptionAssert failed(String what, Predicate<String> rule) {
        return isLogged(Words.of("rule.failed", what), () -> {
            ServerLog log = node().log();
            List<String> errors = WorkerErrors.of(actual, log.between(new ServerLog.Mark(0), mark), log.since(mark));
            return Seen.of(
                    errors.stream().anyMatch(rule),
                    errors.isEmpty()
                            ? Words.of("seen.not-failed")
                            : Words.of("seen.failed", errors.get(errors.size() - 1)));
        });
    }

    /** It knows the table, whose copy has come that far; named as {@link TableName#of} reads it. */
    public SubscriptionAssert hasTable(String table, SyncState state) {
        return holds(
                Words.of("rule.table-state", table, state),
                look(status -> status.table(TableName.of(table))
                        .filter(found -> found.state() == state)
                        .isPresent()));
    }

    /** It does not know the table: changes of it are not applied. */
    public SubscriptionAssert hasNoTable(String table) {
        return holdsWhateverFails(
                Words.of("rule.no-table", table),
                look(status -> status.table(TableName.of(table)).isEmpty()));
    }

    @Override
    Words subject() {
        return Words.subscription(actual, node().name());
    }

    private Supplier<Seen> look(Predicate<SubscriptionState> rule) {
        Function<SubscriptionState, Seen> judged = status -> Seen.of(rule.test(status), Words.of("seen.is", status));
        return () -> StateReader.subscription(node(), actual).map(judged).orElseGet(this::absent);
    }

    private Seen absent() {
        return Seen.of(false, Words.of("seen.none-on", node()));
    }
}
