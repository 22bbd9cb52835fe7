package org.pgminicluster.lab.check;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.pgminicluster.script.Sql;
import org.pgminicluster.state.SlotState;
import org.pgminicluster.state.SubscribedTable;
import org.pgminicluster.topology.TableName;

/** Who is subscribed to whom, and whether it works. */
final class SubscriptionPoints {

    private SubscriptionPoints() {}

    /** vm1 and vm2 to each other. */
    static List<Point> cross(SeenHomework homework, Evidence evidence) {
        return List.of(
                new Point(
                        "subscription",
                        List.of(homework.vm2().node(), homework.vm1().node()),
                        findings(homework, homework.vm2(), homework.first(), homework.vm1())),
                new Point(
                        "subscription",
                        List.of(homework.vm1().node(), homework.vm2().node()),
                        findings(homework, homework.vm1(), homework.second(), homework.vm2())));
    }

    /** vm3 to both. */
    static List<Point> collector(SeenHomework homework, Evidence evidence) {
        Survey vm3 = homework.vm3();
        List<Finding> findings = new ArrayList<>();
        findings.addAll(findings(homework, vm3, homework.first(), homework.vm1()));
        findings.addAll(findings(homework, vm3, homework.second(), homework.vm2()));
        List<String> names =
                homework.linksOf(vm3).stream().map(SubscriptionLink::name).toList();
        List<String> others = homework.links().stream()
                .filter(link -> !link.subscriber().node().equals(vm3.node()))
                .map(SubscriptionLink::name)
                .toList();
        boolean works =
                findings.stream().allMatch(it -> it.verdict() == Judgement.DONE || it.verdict() == Judgement.REMARK);
        if (works && !others.isEmpty() && names.stream().noneMatch(others::contains)) {
            findings.add(Finding.remark("vm3-names", vm3.node(), String.join(", ", names), String.join(", ", others)));
        }
        passwords(homework).ifPresent(findings::add);
        return List.of(new Point(
                "collector", List.of(vm3.node()), findings.stream().distinct().toList()));
    }

    private static List<Finding> findings(
            SeenHomework homework, Survey subscriber, Optional<SeenHomework.Shared> shared, Survey publisher) {
        if (shared.isEmpty()) {
            return List.of(Finding.notYet("subscription-later", subscriber.node(), publisher.node()));
        }
        List<SubscriptionLink> bringing = homework.bringing(shared.get(), subscriber);
        if (bringing.isEmpty()) {
            return List.of(absent(homework, subscriber, shared.get()));
        }
        List<Finding> findings = new ArrayList<>();
        for (SubscriptionLink link : bringing) {
            findings.add(of(link, publisher, shared.get()));
            poison(link, publisher).ifPresent(findings::add);
        }
        if (bringing.size() > 1) {
            findings.add(Finding.wrong(
                    "subscribed-twice",
                    subscriber.node(),
                    shared.get().name().toString(),
                    bringing.stream().map(SubscriptionLink::name).collect(Collectors.joining(", "))));
        }
        return findings;
    }

    /** Why nothing brings the table, if there is a subscription that might be meant to. */
    private static Finding absent(SeenHomework homework, Survey subscriber, SeenHomework.Shared shared) {
        Survey publisher = shared.owner();
        String suggested =
                Sql.identifier(subscriber.node() + "_" + shared.name().name());
        for (SubscriptionLink link : homework.linksOf(subscriber)) {
            if (isLost(link, publisher)) {
                return Finding.wrong(
                        "unreachable",
                        subscriber.node(),
                        link.name(),
                        link.lead().host(),
                        publisher.node(),
                        Sql.identifier(link.name()));
            }
            if (link.publisher() != null && link.publisher().node().equals(subscriber.node())) {
                return Finding.wrong(
                        "subscribes-to-itself",
                        subscriber.node(),
                        link.name(),
                        publisher.node(),
                        Sql.identifier(link.name()));
            }
            if (link.publisher() != null && link.publisher().node().equals(publisher.node())) {
                Optional<Finding> unpublished = unpublished(link, publisher);
                return unpublished.orElseGet(() -> Finding.notYet(
                        "subscription-without",
                        subscriber.node(),
                        link.name(),
                        shared.name().toString(),
                        publisher.node()));
            }
        }
        for (SubscriptionLink link : homework.linksOf(subscriber)) {
            if (link.publisher() == null) {
                return Finding.wrong(
                        "subscription-astray",
                        subscriber.node(),
                        link.name(),
                        publisher.node(),
                        Sql.identifier(link.name()),
                        publisher.address().host(),
                        Integer.toString(publisher.address().port()));
            }
        }
        String publication = publisher.publicationsOf(shared.name()).stream()
                .findFirst()
                .map(it -> Sql.identifier(it.name()))
                .orElse(Sql.identifier(shared.name().name() + "_pub"));
        return Finding.notYet(
                "subscription-none",
                subscriber.node(),
                publisher.node(),
                shared.name().toString(),
                publication,
                suggested,
                "host=" + publisher.address().host() + " port="
                        + publisher.address().port() + " dbname="
                        + (publisher.database() == null ? "rep" : publisher.database()));
    }

    /** A published table that the subscriber does not have stops all others with its first change. */
    private static Optional<Finding> poison(SubscriptionLink link, Survey publisher) {
        return link.published().stream()
                .flatMap(publication -> publication.tables().stream())
                .filter(table -> link.subscriber().table(table).isEmpty())
                .findFirst()
                .map(table -> Finding.wrong(
                        "poison-table", link.subscriber().node(), link.name(), table.toString(), publisher.node()));
    }

    private static Optional<Finding> unpublished(SubscriptionLink link, Survey publisher) {
        return link.publications().stream()
                .filter(name -> publisher.publication(name).isEmpty())
                .findFirst()
                .map(name -> Finding.wrong(
                        "publication-missing", link.subscriber().node(), link.name(), name, publisher.node()));
    }

    /** The first thing that is in the way, or that it works. */
    private static Finding of(SubscriptionLink link, Survey publisher, SeenHomework.Shared shared) {
        String node = link.subscriber().node();
        String name = link.name();
        String sql = Sql.identifier(name);
        TableName table = shared.name();
        if (isLost(link, publisher)) {
            return Finding.wrong("unreachable", node, name, link.lead().host(), publisher.node(), sql);
        }
        Optional<Finding> unpublished = unpublished(link, publisher);
        if (unpublished.isPresent()) {
            return unpublished.get();
        }
        if (link.subscription().slot().isEmpty()) {
            return Finding.wrong("slot-none", node, name, publisher.node(), sql);
        }
        String slot = link.subscription().slot().get();
        Optional<SlotState> held = publisher.wal().slot(slot);
        if (held.isEmpty()) {
            return Finding.wrong("slot-missing", node, name, slot, publisher.node(), sql, Sql.literal(slot));
        }
        if (held.get().lost()) {
            return Finding.wrong("slot-lost", node, name, slot, publisher.node());
        }
        if (!link.subscription().enabled()) {
            return Finding.wrong("subscription-disabled", node, name, sql);
        }
        Optional<SubscribedTable> state = link.subscription().table(table);
        if (state.isEmpty()) {
            return Finding.wrong("forgot-refresh", node, name, table.toString(), sql);
        }
        Optional<Finding> lacking = lacking(link, publisher, table);
        if (lacking.isPresent() && !link.streams(table)) {
            return lacking.get();
        }
        if (link.subscription().workerPid() == null || link.restarting()) {
            return Finding.wrong("worker-fails", node, name, publisher.node());
        }
        if (!state.get().isCopied()) {
            return Finding.notYet(
                    "copy-fails",
                    node,
                    name,
                    table.toString(),
                    state.get().state().letter());
        }
        return Finding.done("subscription-done", node, name, publisher.node(), table.toString());
    }

    /** Whether it looks on its own machine for a publisher that is on another one. */
    private static boolean isLost(SubscriptionLink link, Survey publisher) {
        return ServerFacts.isLoopback(link.lead().host())
                && link.subscription().workerPid() == null
                && !link.subscriber().server().isBeside(publisher.server());
    }

    /** A right that the role of the subscription lacks on the publisher. */
    private static Optional<Finding> lacking(SubscriptionLink link, Survey publisher, TableName table) {
        Optional<RoleFacts> role = publisher.role(link.lead().user());
        if (role.isEmpty() || role.get().superuser()) {
            return Optional.empty();
        }
        String user = Sql.identifier(role.get().name());
        if (!role.get().replication()) {
            return Optional.of(Finding.wrong(
                    "not-replication-role", link.subscriber().node(), link.name(), user, publisher.node()));
        }
        return role.get().unreadable().contains(table)
                ? Optional.of(Finding.wrong(
                        "no-select",
                        link.subscriber().node(),
                        link.name(),
                        user,
                        publisher.node(),
                        table.toString(),
                        Sql.table(table)))
                : Optional.empty();
    }

    /** They can be read by every superuser, and are in every dump. */
    private static Optional<Finding> passwords(SeenHomework homework) {
        List<SubscriptionLink> open = homework.links().stream()
                .filter(SubscriptionPoints::holdsPasswordOfSuperuser)
                .toList();
        return open.isEmpty()
                ? Optional.empty()
                : Optional.of(Finding.remark(
                        "password-of-superuser",
                        open.stream()
                                .map(link ->
                                        link.name() + " (" + link.subscriber().node() + ")")
                                .collect(Collectors.joining(", ")),
                        open.get(0).lead().user()));
    }

    private static boolean holdsPasswordOfSuperuser(SubscriptionLink link) {
        Lead lead = link.lead();
        return lead.password()
                && link.publisher() != null
                && link.publisher()
                        .role(lead.user())
                        .filter(RoleFacts::superuser)
                        .isPresent();
    }
}
