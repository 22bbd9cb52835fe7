package org.pgminicluster.topology;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;

/**
 * What a topology asks for that not every major can do.
 *
 * @param primaries by standby
 * @param majorOf the major of each server
 */
record VersionRules(List<NodeSpec> nodes, Map<String, String> primaries, ToIntFunction<String> majorOf) {

    /** The first major that can leave out what was itself received. */
    private static final int ORIGIN_NONE = 16;

    /** Before, a standby was described by recovery.conf and promoted by a program. */
    private static final int STANDBY = 12;

    /** The first major that decodes on a standby. */
    private static final int DECODING_STANDBY = 16;

    /** The first major whose first copy heeds row filters and column lists. */
    private static final int NARROW_COPY = 15;

    /** The first major whose walsender understands a name with a backslash. */
    private static final int ESCAPE_STRINGS = 14;

    void check(boolean echoAllowed) {
        primaries.forEach(this::checkStandby);
        for (NodeSpec node : nodes) {
            int major = majorOf.applyAsInt(node.name());
            for (DatabaseSpec database : node.databases()) {
                database.publications().forEach(publication -> checkName(node, publication, major));
                database.publications()
                        .forEach(publication -> publication
                                .missingIn(major)
                                .ifPresent(missing -> refuse(
                                        "publication \"" + publication.name() + "\" on " + node.name(),
                                        "PostgreSQL " + major,
                                        missing,
                                        node.name())));
                database.subscriptions().forEach(subscription -> checkEnds(node, subscription));
            }
        }
        if (!echoAllowed) {
            checkEcho();
        }
    }

    private void checkStandby(String standby, String primary) {
        int major = majorOf.applyAsInt(standby);
        int followed = majorOf.applyAsInt(primary);
        if (major != followed) {
            throw InvalidTopologyException.expected(
                    "standby " + standby + " of " + primary,
                    "run the major that " + primary + " runs, whose files it has",
                    "runs " + major + " and " + primary + " runs " + followed,
                    "leave out its postgres(...), or say one of " + followed);
        }
        if (major < STANDBY) {
            refuse(
                    "standby " + standby + " of " + primary,
                    "PostgreSQL " + major,
                    new SubscriptionOption.Missing("standby.signal and pg_promote()", STANDBY),
                    primary);
        }
    }

    private void checkEnds(NodeSpec node, Subscription subscription) {
        String what = "subscription \"" + subscription.name() + "\" on " + node.name();
        int major = majorOf.applyAsInt(node.name());
        subscription.missingIn(major).ifPresent(missing -> refuse(what, "PostgreSQL " + major, missing, node.name()));
        checkCopy(node, subscription, what, major);
        String publisher = subscription.publisher();
        int theirs = majorOf.applyAsInt(publisher);
        if (primaries.containsKey(publisher) && theirs < DECODING_STANDBY) {
            String source = Flow.source(publisher, primaries);
            refuse(
                    what,
                    "PostgreSQL " + theirs + " of the standby " + publisher,
                    new SubscriptionOption.Missing("logical decoding on a standby", DECODING_STANDBY),
                    "follow " + source + ", which has the same publications, or",
                    source);
        }
        subscription
                .missingAtPublisher(theirs)
                .ifPresent(missing ->
                        refuse(what, "PostgreSQL " + theirs + " of its publisher " + publisher, missing, publisher));
    }

    /** An older subscriber copies whole tables from any publisher, and then streams less than that. */
    private void checkCopy(NodeSpec subscriber, Subscription subscription, String what, int major) {
        if (major >= NARROW_COPY
                || subscription.option(SubscriptionOption.COPY_DATA, "true").equals("false")) {
            return;
        }
        String source = Flow.source(subscription.publisher(), primaries);
        nodes.stream()
                .filter(node -> node.name().equals(source))
                .flatMap(node -> node.database(subscription.publisherDatabase()).stream())
                .flatMap(database ->
                        subscription.publications().stream().flatMap(name -> database.publication(name).stream()))
                .forEach(publication -> publication.narrowing().ifPresent(narrowing -> {
                    throw InvalidTopologyException.expected(
                            what,
                            "copy what publication \"" + publication.name() + "\" on " + source + " publishes",
                            "PostgreSQL " + major + " copies whole tables, whatever a " + narrowing + " says",
                            "say .with(\"copy_data\", \"false\"), or give " + subscriber.name() + " postgres(\""
                                    + NARROW_COPY + "\") or later");
                }));
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

    /** @param server which is too old */
    private void refuse(String what, String has, SubscriptionOption.Missing missing, String server) {
        refuse(what, has, missing, "leave it out or", server);
    }

    /** @param remedy what to do instead of taking a later major */
    private void refuse(String what, String has, SubscriptionOption.Missing missing, String remedy, String server) {
        boolean own = nodes.stream()
                .anyMatch(node -> node.name().equals(server) && node.postgres().isPresent());
        throw InvalidTopologyException.expected(
                what,
                "use what " + has + " has",
                "uses " + missing.feature() + ", which came with " + missing.since(),
                own
                        ? remedy + " give " + server + " postgres(\"" + missing.since() + "\") or later"
                        : remedy + " run with -Dminicluster.postgres=" + missing.since() + " or later");
    }

    /** Where it is said that what was received is left out, both ends know how to. */
    private void checkEcho() {
        Flow flow = Flow.of(nodes, primaries);
        Predicate<Flow.Hop> forwards = hop ->
                !hop.subscription().option(SubscriptionOption.ORIGIN, "any").equals("none");
        flow.circle(hop -> hop.publication().allTables(), forwards).ifPresent(circle -> echoes("every table", circle));
        for (String schema : flow.listedSchemas()) {
            flow.circle(hop -> hop.publication().coversSchema(schema), forwards)
                    .ifPresent(circle -> echoes("every table of schema \"" + schema + "\"", circle));
        }
        for (TableName table : flow.listedTables()) {
            flow.circle(hop -> hop.publication().covers(table), forwards)
                    .ifPresent(circle -> echoes("table \"" + table + "\"", circle));
        }
    }

    private void echoes(String what, List<Flow.Place> circle) {
        int oldest = circle.stream()
                .mapToInt(place -> majorOf.applyAsInt(place.node()))
                .min()
                .orElse(0);
        throw InvalidTopologyException.expected(
                what,
                "travel one way",
                "goes round " + circle.stream().map(Flow.Place::toString).collect(Collectors.joining(" -> "))
                        + " and each row would come back to where it was written",
                Optional.of(oldest)
                        .filter(major -> major < ORIGIN_NONE)
                        .map(major -> "publish it on one node only (origin=none came with PostgreSQL " + ORIGIN_NONE
                                + "), or say allowEcho() to see it happen")
                        .orElse("publish it on one node only, subscribe .with(\"origin\", \"none\") all the way"
                                + " round, or say allowEcho() to see it happen"));
    }
}
