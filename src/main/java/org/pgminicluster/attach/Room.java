package org.pgminicluster.attach;

import java.util.List;

/** Whether there is room on servers for what subscriptions take that are to be made. */
final class Room {

    private static final int ACTIVE_ORIGINS = 18;

    private final List<MissingSubscription> missing;
    private final Complaints complaints;

    Room(List<MissingSubscription> missing, Complaints complaints) {
        this.missing = missing;
        this.complaints = complaints;
    }

    void look(ServerSurvey server) {
        List<MissingSubscription> from = missing.stream()
                .filter(one -> one.subscription().publisher().equals(server.name()) && one.connects())
                .toList();
        if (!from.isEmpty()) {
            int copying = copying(from);
            free(server, "replication slot", "max_replication_slots", "pg_replication_slots", from.size(), copying);
            free(server, "WAL sender", "max_wal_senders", "pg_stat_replication", from.size(), copying);
        }
        List<MissingSubscription> to = missing.stream()
                .filter(one -> one.subscriber().equals(server.name()))
                .toList();
        if (!to.isEmpty()) {
            int copying = copying(to);
            free(
                    server,
                    "logical replication worker",
                    "max_logical_replication_workers",
                    "pg_stat_subscription",
                    to.size(),
                    copying);
            free(
                    server,
                    "replication origin",
                    server.major() < ACTIVE_ORIGINS ? "max_replication_slots" : "max_active_replication_origins",
                    "pg_replication_origin",
                    to.size(),
                    copying);
        }
        boolean prepares = missing.stream()
                .filter(one -> one.subscription().isTwoPhase())
                .anyMatch(one -> one.subscriber().equals(server.name())
                        || one.subscription().publisher().equals(server.name()));
        if (prepares && number(server, "SELECT current_setting('max_prepared_transactions')::int") == 0) {
            complaints.add(
                    "max_prepared_transactions of " + server.name() + " to be above 0, since a subscription is"
                            + " two-phase",
                    "was 0",
                    "say ALTER SYSTEM SET max_prepared_transactions = 10 there and restart it");
        }
    }

    /** One more while tables are copied, as long as that takes. */
    private static int copying(List<MissingSubscription> subscriptions) {
        return subscriptions.stream().anyMatch(one -> SubscriptionSurvey.copies(one.subscription())) ? 1 : 0;
    }

    private void free(ServerSurvey server, String what, String setting, String used, int subscriptions, int copying) {
        long all = number(server, "SELECT current_setting('" + setting + "')::int");
        long taken = number(server, "SELECT count(*) FROM " + used);
        int needed = subscriptions + copying;
        if (all - taken < needed) {
            complaints.add(
                    server.name() + " to have " + needed + " " + what + (needed == 1 ? "" : "s")
                            + " free, one for each subscription that is to be made"
                            + (copying > 0 ? " and one more while they copy" : ""),
                    taken + " of " + all + " are in use",
                    "say ALTER SYSTEM SET " + setting + " = " + (taken + needed) + " there and restart it");
        }
    }

    private static long number(ServerSurvey server, String sql) {
        return server.maintenance().look(sql).number();
    }
}
