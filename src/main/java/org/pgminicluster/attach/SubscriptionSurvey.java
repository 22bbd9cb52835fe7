package org.pgminicluster.attach;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.pgminicluster.journal.Row;
import org.pgminicluster.runtime.ClusterRuntime;
import org.pgminicluster.runtime.Member;
import org.pgminicluster.script.Conninfo;
import org.pgminicluster.script.Sql;
import org.pgminicluster.server.Address;
import org.pgminicluster.topology.Publication;
import org.pgminicluster.topology.Subscription;
import org.pgminicluster.topology.SubscriptionOption;

/** Which subscriptions stand already, and lead where the topology says. */
final class SubscriptionSurvey {

    private static final String SUBSCRIPTION = """
            SELECT s.subenabled::text, coalesce(s.subslotname::text, ''), s.subconninfo,
                   array_to_string(ARRAY(SELECT unnest(s.subpublications) ORDER BY 1), ', '),
                   to_jsonb(s) ->> 'subsynccommit', to_jsonb(s) ->> 'subbinary', to_jsonb(s) ->> 'substream',
                   to_jsonb(s) ->> 'subtwophasestate', to_jsonb(s) ->> 'subdisableonerr',
                   to_jsonb(s) ->> 'subpasswordrequired', to_jsonb(s) ->> 'subrunasowner', to_jsonb(s) ->> 'suborigin',
                   to_jsonb(s) ->> 'subfailover'
              FROM pg_subscription s JOIN pg_database d ON d.oid = s.subdbid
             WHERE d.datname = current_database() AND s.subname = ?""";

    /** Which column of the above an option is in. */
    private static final Map<SubscriptionOption, Integer> OPTIONS = new EnumMap<>(Map.of(
            SubscriptionOption.SYNCHRONOUS_COMMIT, 4,
            SubscriptionOption.BINARY, 5,
            SubscriptionOption.STREAMING, 6,
            SubscriptionOption.TWO_PHASE, 7,
            SubscriptionOption.DISABLE_ON_ERROR, 8,
            SubscriptionOption.PASSWORD_REQUIRED, 9,
            SubscriptionOption.RUN_AS_OWNER, 10,
            SubscriptionOption.ORIGIN, 11,
            SubscriptionOption.FAILOVER, 12));

    private static final String SLOT = "SELECT coalesce(database, '') FROM pg_replication_slots WHERE slot_name = ?";

    private final ClusterRuntime runtime;
    private final Function<String, ServerSurvey> servers;
    private final Complaints complaints;
    private final List<MissingSubscription> missing = new ArrayList<>();

    SubscriptionSurvey(ClusterRuntime runtime, Function<String, ServerSurvey> servers, Complaints complaints) {
        this.runtime = runtime;
        this.servers = servers;
        this.complaints = complaints;
    }

    List<MissingSubscription> missing() {
        return missing;
    }

    void look(DatabaseSurvey database) {
        for (Subscription subscription : database.spec().subscriptions()) {
            List<Row> found = database.isThere()
                    ? database.database()
                            .look(SUBSCRIPTION, subscription.name())
                            .values()
                    : List.of();
            if (found.isEmpty()) {
                missing(database, subscription);
            } else {
                standing(database, subscription, found.get(0));
            }
        }
    }

    private void missing(DatabaseSurvey database, Subscription subscription) {
        Optional<String> slot = slot(subscription);
        if (slot.isPresent() && makesSlot(subscription)) {
            complaints.add(
                    subscription.publisher() + " to have no slot " + subscription.slotName()
                            + " yet, since subscription " + subscription.name() + " of "
                            + database.database().name() + " is not there and will make it",
                    "there is one",
                    "see who uses it in pg_replication_slots there, and SELECT pg_drop_replication_slot("
                            + Sql.literal(subscription.slotName()) + ") if nobody does");
        }
        List<String> filled = copies(subscription) ? tables(database, subscription) : List.of();
        filled.stream()
                .filter(table -> hasRows(database.database(), table))
                .forEach(table -> complaints.add(
                        "table " + table + " of " + database.database().name() + " to be empty, since subscription "
                                + subscription.name() + " is not there and will copy all rows into it",
                        "has rows",
                        "empty it there, or say copyData(false) in the topology"));
        missing.add(new MissingSubscription(database, subscription, filled));
    }

    static boolean makesSlot(Subscription subscription) {
        return !subscription.hasNoSlot()
                && isOn(subscription, SubscriptionOption.CONNECT)
                && isOn(subscription, SubscriptionOption.CREATE_SLOT);
    }

    static boolean copies(Subscription subscription) {
        return isOn(subscription, SubscriptionOption.CONNECT) && isOn(subscription, SubscriptionOption.COPY_DATA);
    }

    static boolean isOn(Subscription subscription, SubscriptionOption onByDefault) {
        return plain(subscription.option(onByDefault, "true")).equals("true");
    }

    private Optional<String> slot(Subscription subscription) {
        return servers
                .apply(subscription.publisher())
                .maintenance()
                .look(SLOT, subscription.slotName())
                .texts()
                .stream()
                .findFirst();
    }

    /** Those that stand, and that it copies into. */
    private List<String> tables(DatabaseSurvey database, Subscription subscription) {
        List<Publication> publications =
                runtime.topology().node(subscription.publisher()).database(subscription.publisherDatabase()).stream()
                        .flatMap(there -> there.publications().stream())
                        .filter(publication -> subscription.publications().contains(publication.name()))
                        .toList();
        boolean all = publications.stream().anyMatch(Publication::allTables);
        return database.standingTables().stream()
                .filter(table -> all
                        || publications.stream()
                                .anyMatch(publication -> publication.tables().stream()
                                                .anyMatch(listed ->
                                                        Sql.table(listed.name()).equals(table))
                                        || publication.schemas().stream()
                                                .anyMatch(schema -> table.startsWith(Sql.identifier(schema) + "."))))
                .toList();
    }

    private static boolean hasRows(Member database, String table) {
        return "t"
                .equals(database.look("SELECT EXISTS (SELECT FROM " + table + ")")
                        .value());
    }

    private void standing(DatabaseSurvey database, Subscription wanted, Row found) {
        String what =
                "subscription " + wanted.name() + " of " + database.database().name();
        String publications =
                String.join(", ", wanted.publications().stream().sorted().toList());
        same(what + " to follow " + publications, publications.equals(found.text(3)), "follows " + found.text(3));
        boolean enabled = isOn(wanted, SubscriptionOption.CONNECT)
                && isOn(wanted, SubscriptionOption.ENABLED)
                && !wanted.hasNoSlot();
        same(
                what + " to be " + (enabled ? "enabled" : "disabled"),
                enabled == "true".equals(found.text(0)),
                enabled ? "was disabled" : "was enabled");
        String slot = wanted.hasNoSlot() ? "" : wanted.slotName();
        same(
                what + " to use " + (slot.isEmpty() ? "no slot" : "slot " + slot),
                slot.equals(found.text(1)),
                "uses " + (found.text(1).isEmpty() ? "none" : found.text(1)));
        wanted.options().forEach((option, value) -> {
            Integer column = OPTIONS.get(option);
            String now = column == null ? null : found.get(column);
            if (now != null) {
                same(
                        what + " to have " + option.sqlName() + " = " + value,
                        plain(value).equals(plain(now)),
                        "has " + now);
            }
        });
        leads(database.database(), wanted, what, found.text(2));
    }

    private void same(String expected, boolean holds, String found) {
        if (!holds) {
            complaints.add(
                    expected + ", as the topology says",
                    found,
                    "ALTER or DROP SUBSCRIPTION there, or say in the topology what it is");
        }
    }

    /** By its slot, which nobody shares; an address has many spellings. */
    private void leads(Member subscriber, Subscription wanted, String what, String connection) {
        Conninfo conninfo;
        try {
            conninfo = Conninfo.parse(connection);
        } catch (IllegalArgumentException e) {
            complaints.add(
                    what + " to have a connection string of keywords and values",
                    "has a URI, or something else",
                    "say it as ALTER SUBSCRIPTION " + Sql.identifier(wanted.name())
                            + " CONNECTION 'host=... port=... dbname=...' there");
            return;
        }
        String database = conninfo.get("dbname").orElse(conninfo.get("user").orElse(""));
        same(
                what + " to lead to database " + wanted.publisherDatabase() + " of " + wanted.publisher(),
                database.equals(wanted.publisherDatabase()),
                "leads to database " + database);
        String host = conninfo.address().orElse("");
        String port = conninfo.get("port").orElse("5432");
        runtime.members().stream()
                .filter(node -> !node.name().equals(wanted.publisher()))
                .filter(node -> isAt(node.server().peerAddress(), host, port))
                .forEach(other -> same(what + " to lead to " + wanted.publisher(), false, "leads to " + other.name()));
        if (!wanted.hasNoSlot()) {
            Optional<String> slot = slot(wanted);
            same(
                    what + " to have its slot on " + wanted.publisher(),
                    slot.filter(wanted.publisherDatabase()::equals).isPresent(),
                    slot.isPresent()
                            ? "the slot of its name there is of database " + slot.get()
                            : "there is no slot " + wanted.slotName() + " there");
        }
        Member publisher = runtime.member(wanted.publisher());
        if (!isAt(publisher.server().peerAddress(), host, port)) {
            runtime.detours().put(host + ":" + port, publisher);
        }
    }

    private static boolean isAt(Address address, String host, String port) {
        return address.host().equals(host) && Integer.toString(address.port()).equals(port);
    }

    /** There is more than one word for yes, and catalogs have letters. */
    static String plain(String value) {
        return switch (value.toLowerCase(Locale.ROOT)) {
            case "on", "yes", "1", "t", "e", "true" -> "true";
            case "off", "no", "0", "f", "d", "false" -> "false";
            case "p", "parallel" -> "parallel";
            default -> value;
        };
    }
}
