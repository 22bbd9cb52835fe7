package org.pgminicluster.lab.check;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.pgminicluster.server.Address;
import org.pgminicluster.state.Lsn;
import org.pgminicluster.state.RecoveryState;
import org.pgminicluster.state.ServerState;
import org.pgminicluster.state.SlotState;
import org.pgminicluster.state.SubscribedTable;
import org.pgminicluster.state.SubscriptionState;
import org.pgminicluster.state.SyncState;
import org.pgminicluster.topology.TableName;

/** What would be read from a server of a machine of its own, as a finished homework has it unless something else is said. */
final class Surveys {

    private static final Lsn LSN = new Lsn(8 << 20);
    private static final int INSERT_UPDATE_DELETE_EACH_STATEMENT = 2 + 4 + 8 + 16;

    private final String node;
    private final int number;
    private String own;
    private String walLevel = "logical";
    private @Nullable String walLevelAsked = "logical";
    private String identity;
    private String database = "rep";
    private boolean superuser = true;
    private @Nullable RecoveryState recovery;
    private final List<TableFacts> tables = new ArrayList<>();
    private final List<PublicationFacts> publications = new ArrayList<>();
    private final List<SubscriptionState> subscriptions = new ArrayList<>();
    private final List<SlotState> slots = new ArrayList<>();
    private final List<RoleFacts> roles = new ArrayList<>();

    private Surveys(int number) {
        this.node = "vm" + number;
        this.number = number;
        this.own = "10.0.0." + number;
        this.identity = "server " + number;
    }

    static Surveys vm(int number) {
        Surveys survey = new Surveys(number);
        survey.roles.add(new RoleFacts("postgres", true, true, List.of()));
        return survey;
    }

    Surveys onHost(String host) {
        own = host;
        return this;
    }

    Surveys walLevel(String inForce, @Nullable String asked) {
        walLevel = inForce;
        walLevelAsked = asked;
        return this;
    }

    Surveys copyOf(String other, @Nullable RecoveryState state) {
        identity = other;
        recovery = state;
        return this;
    }

    Surveys customer() {
        superuser = false;
        return this;
    }

    Surveys role(RoleFacts role) {
        roles.add(role);
        return this;
    }

    Surveys tables(String... names) {
        Stream.of(names).forEach(name -> table(name, "O", false));
        return this;
    }

    Surveys guarded(String name) {
        table(name, "O", true);
        return this;
    }

    private void table(String name, String enabled, boolean guarded) {
        List<TriggerFacts> triggers = guarded
                ? List.of(new TriggerFacts("guard", INSERT_UPDATE_DELETE_EACH_STATEMENT, enabled, "refuse", true, true))
                : List.of();
        tables.add(new TableFacts(
                new TableName("public", name),
                8192,
                1,
                true,
                List.of(new ColumnFacts("id", "integer", true, true, false, false, false, "made_up.v::integer")),
                triggers));
    }

    Surveys publishes(String publication, String... names) {
        publications.add(new PublicationFacts(
                publication,
                false,
                TriggerFacts.ACTS,
                Stream.of(names).map(name -> new TableName("public", name)).toList()));
        return this;
    }

    Surveys slot(String name, boolean active) {
        return slot(name, active, LSN);
    }

    /** One of which the user has confirmed up to there. */
    Surveys slot(String name, boolean active, Lsn confirmed) {
        slots.add(new SlotState(
                name,
                false,
                "pgoutput",
                "rep",
                false,
                false,
                active ? 77 : null,
                "",
                confirmed,
                confirmed,
                "reserved",
                LSN,
                null));
        return this;
    }

    Surveys subscribes(String name, String conninfo, String publication, @Nullable Integer worker, String... names) {
        subscriptions.add(new SubscriptionState(
                16384 + subscriptions.size(),
                name,
                "rep",
                false,
                true,
                name,
                conninfo,
                "{" + publication + "}",
                worker,
                LSN,
                LSN,
                false,
                Stream.of(names)
                        .map(table -> new SubscribedTable(new TableName("public", table), table, SyncState.READY, LSN))
                        .toList()));
        return this;
    }

    Survey read() {
        return new Survey(
                node,
                new Address(own, 5432),
                superuser ? "postgres" : "customer",
                "rep",
                List.of(database),
                database,
                new ServerFacts(
                        130023,
                        "13.23",
                        identity,
                        "2026-01-0" + number,
                        recovery != null,
                        walLevel,
                        walLevelAsked,
                        new Address(own, 5432),
                        superuser,
                        superuser,
                        "origin"),
                tables,
                publications,
                superuser,
                subscriptions,
                new ServerState(recovery != null, LSN, LSN, slots),
                recovery,
                roles);
    }
}
