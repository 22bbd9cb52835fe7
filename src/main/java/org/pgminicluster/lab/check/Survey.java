package org.pgminicluster.lab.check;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.pgminicluster.server.Address;
import org.pgminicluster.state.RecoveryState;
import org.pgminicluster.state.ServerState;
import org.pgminicluster.state.SubscriptionState;
import org.pgminicluster.topology.TableName;

/**
 * All that was read from one server.
 *
 * @param node what the lesson calls it
 * @param address how it was reached
 * @param user the role that asked
 * @param expected the database that was to be there; null if any will do
 * @param databases all that somebody has made
 * @param database the one with the homework; null if there is none
 * @param seesConninfo whether the role may see where subscriptions lead
 * @param recovery how it follows, if it is a standby
 */
record Survey(
        String node,
        Address address,
        String user,
        @Nullable String expected,
        List<String> databases,
        @Nullable String database,
        ServerFacts server,
        List<TableFacts> tables,
        List<PublicationFacts> publications,
        boolean seesConninfo,
        List<SubscriptionState> subscriptions,
        ServerState wal,
        @Nullable RecoveryState recovery,
        List<RoleFacts> roles) {

    static final String MAINTENANCE = "postgres";

    Survey {
        databases = List.copyOf(databases);
        tables = List.copyOf(tables);
        publications = List.copyOf(publications);
        subscriptions = List.copyOf(subscriptions);
        roles = List.copyOf(roles);
    }

    /** The same with what a later look has shown. */
    Survey with(List<SubscriptionState> later) {
        return new Survey(
                node,
                address,
                user,
                expected,
                databases,
                database,
                server,
                tables,
                publications,
                seesConninfo,
                later,
                wal,
                recovery,
                roles);
    }

    boolean hasDatabase() {
        return database != null;
    }

    Optional<TableFacts> table(TableName name) {
        return tables.stream().filter(table -> table.name().equals(name)).findFirst();
    }

    Optional<PublicationFacts> publication(String name) {
        return publications.stream().filter(it -> it.name().equals(name)).findFirst();
    }

    List<PublicationFacts> publicationsOf(TableName table) {
        return publications.stream().filter(it -> it.has(table)).toList();
    }

    Optional<RoleFacts> role(String name) {
        return roles.stream().filter(role -> role.name().equals(name)).findFirst();
    }

    /** Whether any subscription brings that table here. */
    boolean receives(TableName table) {
        return subscriptions.stream().anyMatch(it -> it.table(table).isPresent());
    }

    boolean publishes(TableName table) {
        return !publicationsOf(table).isEmpty();
    }
}
