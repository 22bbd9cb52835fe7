package org.pgminicluster.lab.check;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.pgminicluster.state.SlotState;
import org.pgminicluster.state.SubscriptionState;
import org.pgminicluster.topology.TableName;

/**
 * A subscription with the server that it gets its rows from.
 *
 * @param publisher null if that cannot be told
 * @param restarting whether its worker was another one a moment ago, or none
 */
record SubscriptionLink(
        Survey subscriber,
        SubscriptionState subscription,
        @Nullable Survey publisher,
        boolean restarting) {

    private static final long BACKLOG = 1 << 20;

    private static final int BY_ADDRESS = 8;
    private static final int BY_SLOT = 4;
    private static final int BY_PUBLICATIONS = 2;
    private static final int BY_NAME = 1;

    String name() {
        return subscription.name();
    }

    Lead lead() {
        return Lead.of(subscription.conninfo());
    }

    /** The names that it asks for. */
    List<String> publications() {
        return publications(subscription);
    }

    private static List<String> publications(SubscriptionState subscription) {
        String array = subscription.publications();
        return Arrays.stream(array.substring(1, array.length() - 1).split(","))
                .map(name -> name.replaceAll("^\"|\"$", ""))
                .filter(name -> !name.isEmpty())
                .toList();
    }

    /** Of the publisher's publications those that it asks for. */
    List<PublicationFacts> published() {
        return publisher == null
                ? List.of()
                : publisher.publications().stream()
                        .filter(it -> publications().contains(it.name()))
                        .toList();
    }

    /** Whether it is meant to bring that table. */
    boolean isFor(TableName table) {
        return subscription.table(table).isPresent()
                || published().stream().anyMatch(publication -> publication.has(table));
    }

    /** How many bytes of WAL it has still to work off; more than a busy moment leaves, or 0. */
    long backlog() {
        long bytes = publisher == null
                ? 0
                : subscription
                        .slot()
                        .flatMap(publisher.wal()::slot)
                        .flatMap(SlotState::lag)
                        .orElse(0L);
        return bytes < BACKLOG ? 0 : bytes;
    }

    /** Whether what is written now can be expected to come through. */
    boolean streams(TableName table) {
        return subscription.enabled()
                && subscription.workerPid() != null
                && !restarting
                && subscription.table(table).filter(it -> it.isCopied()).isPresent();
    }

    static SubscriptionLink of(
            Survey subscriber, SubscriptionState subscription, boolean restarting, List<Survey> servers) {
        int best = BY_PUBLICATIONS - 1;
        @Nullable Survey found = null;
        for (Survey server : servers) {
            int score = score(subscriber, subscription, server);
            // Where nothing else tells, one does not subscribe to oneself.
            if (score > best || score == best && found != null && found.node().equals(subscriber.node())) {
                best = score;
                found = server;
            }
        }
        return new SubscriptionLink(subscriber, subscription, found, restarting);
    }

    private static int score(Survey subscriber, SubscriptionState subscription, Survey server) {
        int score = 0;
        if (Lead.of(subscription.conninfo()).leadsTo(server, subscriber)) {
            score += BY_ADDRESS;
        }
        List<SlotState> slots = server.wal().slots().stream()
                .filter(slot -> !slot.physical()
                        && subscription.slot().filter(slot.name()::equals).isPresent())
                .toList();
        if (!slots.isEmpty()) {
            score += BY_SLOT;
        }
        if (slots.stream().anyMatch(slot -> slot.active() && subscription.workerPid() != null)) {
            score += BY_NAME;
        }
        List<String> names =
                server.publications().stream().map(PublicationFacts::name).collect(Collectors.toList());
        if (names.containsAll(publications(subscription))) {
            score += BY_PUBLICATIONS;
        }
        return score;
    }
}
