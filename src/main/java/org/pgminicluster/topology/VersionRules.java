package org.pgminicluster.topology;

import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** What a topology asks for that not every major can do. */
final class VersionRules {

    /** The first major that can leave out what was itself received. */
    private static final int ORIGIN_NONE = 16;

    /** Before, a standby was described by recovery.conf and promoted by a program. */
    private static final int STANDBY = 12;

    /** The first major whose walsender understands a name with a backslash. */
    private static final int ESCAPE_STRINGS = 14;

    private VersionRules() {}

    static void check(Topology topology, int major) {
        topology.standbys().stream()
                .filter(standby -> major < STANDBY)
                .findFirst()
                .ifPresent(standby -> refuse(
                        "standby " + standby.name() + " of " + standby.primary(),
                        new SubscriptionOption.Missing("standby.signal and pg_promote()", STANDBY),
                        major));
        for (NodeSpec node : topology.nodes()) {
            for (DatabaseSpec database : node.databases()) {
                database.publications().forEach(publication -> checkName(node, publication, major));
                database.publications()
                        .forEach(publication -> publication
                                .missingIn(major)
                                .ifPresent(missing -> refuse(
                                        "publication \"" + publication.name() + "\" on " + node.name(),
                                        missing,
                                        major)));
                database.subscriptions()
                        .forEach(subscription -> subscription
                                .missingIn(major)
                                .ifPresent(missing -> refuse(
                                        "subscription \"" + subscription.name() + "\" on " + node.name(),
                                        missing,
                                        major)));
            }
        }
        if (!topology.echoAllowed()) {
            checkEcho(topology, major);
        }
    }

    /** A subscriber sends the names as an escape string, which an older walsender's grammar does not know. */
    private static void checkName(NodeSpec node, Publication publication, int major) {
        if (major < ESCAPE_STRINGS && publication.name().indexOf('\\') >= 0) {
            throw InvalidTopologyException.expected(
                    "a publication's name on " + node.name(),
                    "have no backslash, with which no subscriber of PostgreSQL " + major + " could name it",
                    "was \"" + publication.name() + "\"",
                    "choose another");
        }
    }

    private static void refuse(String what, SubscriptionOption.Missing missing, int major) {
        throw InvalidTopologyException.expected(
                what,
                "use what PostgreSQL " + major + " has",
                "uses " + missing.feature() + ", which came with " + missing.since(),
                "leave it out or run with -Dminicluster.postgres=" + missing.since() + " or later");
    }

    private static void checkEcho(Topology topology, int major) {
        Flow flow = Flow.of(topology);
        Predicate<Flow.Hop> forwards = hop -> major < ORIGIN_NONE
                || !hop.subscription().option(SubscriptionOption.ORIGIN, "any").equals("none");
        flow.circle(hop -> hop.publication().allTables(), forwards)
                .ifPresent(circle -> echoes("every table", circle, major));
        for (String schema : flow.listedSchemas()) {
            flow.circle(hop -> hop.publication().coversSchema(schema), forwards)
                    .ifPresent(circle -> echoes("every table of schema \"" + schema + "\"", circle, major));
        }
        for (TableName table : flow.listedTables()) {
            flow.circle(hop -> hop.publication().covers(table), forwards)
                    .ifPresent(circle -> echoes("table \"" + table + "\"", circle, major));
        }
    }

    private static void echoes(String what, List<Flow.Place> circle, int major) {
        throw InvalidTopologyException.expected(
                what,
                "travel one way",
                "goes round " + circle.stream().map(Flow.Place::toString).collect(Collectors.joining(" -> "))
                        + " and each row would come back to where it was written",
                Optional.of(major)
                        .filter(m -> m < ORIGIN_NONE)
                        .map(m -> "publish it on one node only (origin=none came with PostgreSQL " + ORIGIN_NONE
                                + "), or say allowEcho() to see it happen")
                        .orElse("publish it on one node only, subscribe .with(\"origin\", \"none\") all the way"
                                + " round, or say allowEcho() to see it happen"));
    }
}
