package org.pgminicluster.assertj;

import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.pgminicluster.cluster.MiniCluster.Seen;
import org.pgminicluster.cluster.Node;
import org.pgminicluster.cluster.SubscriptionStatus;
import org.pgminicluster.cluster.SyncState;
import org.pgminicluster.topology.TableName;

/**
 * Assertions about a subscription on its node.
 *
 * @see <a href="https://www.postgresql.org/docs/13/logical-replication-subscription.html">Subscription</a>
 */
public final class SubscriptionAssert extends StateAssert<SubscriptionAssert, String> {

    SubscriptionAssert(Node node, String name) {
        super(name, SubscriptionAssert.class, node);
    }

    /** There is a subscription of that name. */
    public SubscriptionAssert exists() {
        return holds(sentence("exist"), look(status -> true));
    }

    /** There is no subscription of that name. */
    public SubscriptionAssert isAbsent() {
        return holdsWhateverFails(sentence("be absent"), () -> {
            Optional<SubscriptionStatus> status = node().currentSubscription(actual);
            return new Seen(
                    status.isEmpty(),
                    status.map(found -> "it is there: " + found).orElse("there is none"));
        });
    }

    /** It has a table, and all its tables are copied. */
    public SubscriptionAssert isSynced() {
        return holds(sentence("be synced"), look(SubscriptionStatus::isSynced));
    }

    public SubscriptionAssert isEnabled() {
        return holds(sentence("be enabled"), look(SubscriptionStatus::enabled));
    }

    public SubscriptionAssert isDisabled() {
        return holdsWhateverFails(sentence("be disabled"), look(status -> !status.enabled()));
    }

    /** Its apply worker runs. */
    public SubscriptionAssert hasWorker() {
        return holds(sentence("have a worker"), look(status -> status.worker().isPresent()));
    }

    /** Its apply worker does not run: it is disabled, or the worker has failed and is started again later. */
    public SubscriptionAssert hasNoWorker() {
        return holdsWhateverFails(
                sentence("have no worker"), look(status -> status.worker().isEmpty()));
    }

    /** It knows the table, whose copy has come that far; named as {@link TableName#of} reads it. */
    public SubscriptionAssert hasTable(String table, SyncState state) {
        return holds(
                sentence("have table " + table + " in state " + state),
                look(status -> state == status.tables().get(TableName.of(table))));
    }

    /** It does not know the table: changes of it are not applied. */
    public SubscriptionAssert hasNoTable(String table) {
        return holdsWhateverFails(
                sentence("have no table " + table),
                look(status -> !status.tables().containsKey(TableName.of(table))));
    }

    private String sentence(String rule) {
        return "subscription " + actual + " on " + node() + " to " + rule;
    }

    private Supplier<Seen> look(Predicate<SubscriptionStatus> rule) {
        Function<SubscriptionStatus, Seen> judged = status -> new Seen(rule.test(status), "it is " + status);
        return () -> node().currentSubscription(actual)
                .map(judged)
                .orElseGet(() -> new Seen(false, "there is none on " + node()));
    }
}
