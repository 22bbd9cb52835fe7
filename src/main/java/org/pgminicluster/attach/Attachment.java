package org.pgminicluster.attach;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apiguardian.api.API;
import org.pgminicluster.runtime.ClusterRuntime;
import org.pgminicluster.runtime.Member;
import org.pgminicluster.script.Conninfo;
import org.pgminicluster.script.Script;
import org.pgminicluster.script.Sql;
import org.pgminicluster.script.Step;
import org.pgminicluster.server.InParallel;
import org.pgminicluster.session.Session;
import org.pgminicluster.state.StateReader;
import org.pgminicluster.topology.DatabaseSpec;
import org.pgminicluster.topology.StandbySpec;
import org.pgminicluster.topology.Topology;

/**
 * A topology on servers that ran before. What of it stands is left as it is, what is missing is made, and that alone is taken
 * back at the end.
 */
@API(status = API.Status.INTERNAL)
public final class Attachment {

    private final ClusterRuntime runtime;
    private final Topology topology;
    private final Consumer<Step> carryOut;
    private final Complaints complaints;
    private final TakeBack takeBack = new TakeBack();
    private final Map<String, ServerSurvey> servers = new LinkedHashMap<>();
    private final List<DatabaseSurvey> databases = new ArrayList<>();
    private final List<Step> missing = new ArrayList<>();

    private Attachment(ClusterRuntime runtime, Consumer<Step> carryOut) {
        this.runtime = runtime;
        this.topology = runtime.topology();
        this.carryOut = carryOut;
        this.complaints = new Complaints(topology.name());
    }

    /**
     * Looks at all servers and changes nothing, but for databases that are there for a moment, to compare with.
     *
     * @param carryOut carries a step out on its node
     * @throws org.pgminicluster.MiniClusterException naming all that stands otherwise than the topology says, and all that is
     *     lacking
     */
    public static Attachment survey(ClusterRuntime runtime, Consumer<Step> carryOut) {
        runtime.recordBy(member -> ScratchDatabase.is(member.database())
                ? event -> {}
                : event -> runtime.journal().add(member.name(), event));
        Attachment attachment = new Attachment(runtime, carryOut);
        attachment.survey();
        return attachment;
    }

    private void survey() {
        requireNoTls();
        InParallel.map(runtime.members(), node -> ServerSurvey.of(node, complaints))
                .forEach(server -> servers.put(server.name(), server));
        complaints.refuse();
        topology.standbys().forEach(this::standby);
        Script script = runtime.script();
        List<Member> nodes = topology.nodes().stream()
                .map(node -> runtime.member(node.name()))
                .toList();
        InParallel.map(nodes, node -> databasesOf(node, script)).forEach(databases::addAll);
        SubscriptionSurvey subscriptions = new SubscriptionSurvey(runtime, this::server, complaints);
        databases.forEach(subscriptions::look);
        complaints.refuse();
        List<MissingSubscription> unsubscribed = subscriptions.missing();
        servers.values().forEach(new Room(unsubscribed, complaints)::look);
        unsubscribed.forEach(this::requireSubscriber);
        List<RightsPlan> rights = new ArrayList<>();
        for (Member node : nodes) {
            RightsPlan plan = new RightsPlan(
                    runtime, server(node.name()), databasesOf(node.name()), script.on(node.name()), unsubscribed);
            plan.look(complaints);
            rights.add(plan);
        }
        complaints.refuse();
        tryLogins(unsubscribed);
        complaints.refuse();
        plan(script, unsubscribed, rights);
    }

    private ServerSurvey server(String node) {
        ServerSurvey survey = servers.get(node);
        if (survey == null) {
            throw topology.unknown(node);
        }
        return survey;
    }

    private List<DatabaseSurvey> databasesOf(String node) {
        return databases.stream()
                .filter(database -> database.database().name().equals(node))
                .toList();
    }

    private List<DatabaseSurvey> databasesOf(Member node, Script script) {
        List<DatabaseSurvey> found = new ArrayList<>();
        for (DatabaseSpec database : topology.node(node.name()).databases()) {
            found.add(DatabaseSurvey.of(
                    server(node.name()),
                    node.in(database.name()),
                    database,
                    script.on(node.name()).stream()
                            .filter(step -> step.database().equals(database.name()))
                            .toList(),
                    carryOut,
                    complaints));
        }
        return found;
    }

    private void requireNoTls() {
        if (topology.tls()) {
            complaints.add(
                    "topology \"" + topology.name() + "\" to leave TLS to servers that run already",
                    "says tls()",
                    "leave it out, and say Attached.tls(rootCertificate) of each server");
        }
    }

    private void standby(StandbySpec spec) {
        Member standby = runtime.member(spec.name());
        StateReader.recovery(server(spec.name()).maintenance()).ifPresent(recovery -> {
            Conninfo conninfo = Conninfo.parse(recovery.conninfo());
            Member primary = runtime.member(spec.primary());
            String identity = "SELECT system_identifier::text FROM pg_control_system()";
            String own = String.valueOf(
                    server(spec.name()).maintenance().look(identity).value());
            if (!own.equals(server(spec.primary()).maintenance().look(identity).value())) {
                complaints.add(
                        standby.name() + " to be a standby of " + spec.primary(),
                        "is a copy of another server",
                        "make it there by pg_basebackup from " + spec.primary() + ", or say whose standby it is");
            }
            String way =
                    conninfo.address().orElse("") + ":" + conninfo.get("port").orElse("5432");
            if (!way.equals(primary.server().peerAddress().toString())) {
                runtime.detours().put(way, primary);
            }
        });
    }

    private void requireSubscriber(MissingSubscription subscription) {
        ServerSurvey server = server(subscription.subscriber());
        if (!server.superuser() && !(server.major() >= ServerSurvey.SUBSCRIBERS && server.may("subscribe"))) {
            server.lacks(
                    complaints,
                    "may make subscriptions",
                    server.major() < ServerSurvey.SUBSCRIBERS
                            ? "ALTER ROLE " + Sql.identifier(server.role())
                                    + " SUPERUSER, since others cannot before PostgreSQL 16,"
                            : "GRANT pg_create_subscription TO " + Sql.identifier(server.role())
                                    + "; GRANT CREATE ON DATABASE "
                                    + Sql.identifier(
                                            subscription.database().spec().name()) + " TO "
                                    + Sql.identifier(server.role()));
        }
    }

    /** One for each way between two servers. */
    private void tryLogins(List<MissingSubscription> subscriptions) {
        Set<String> tried = new LinkedHashSet<>();
        List<MissingSubscription> ways = subscriptions.stream()
                .filter(one -> one.connects()
                        && tried.add(one.subscriber() + " " + one.subscription().publisher() + " "
                                + one.subscription().publisherDatabase()))
                .toList();
        InParallel.map(ways, one -> {
            new LoginTrial(runtime, one, server(one.subscriber())).look(complaints);
            return one;
        });
    }

    /** What is undone is said in the order in which it is made. */
    private void plan(Script script, List<MissingSubscription> subscriptions, List<RightsPlan> rights) {
        databases.stream().filter(database -> !database.isThere()).forEach(this::makeDatabase);
        rights.forEach(plan -> plan.takeBack(takeBack));
        databases.forEach(database -> database.takeBack(takeBack));
        subscriptions.forEach(subscription -> subscription.takeBack(takeBack, runtime));
        Stream<Step> subscribing = script.phase(Step.Phase.SUBSCRIBE).stream()
                .filter(step -> subscriptions.stream()
                        .anyMatch(one -> one.subscriber().equals(step.node())
                                && one.database().spec().name().equals(step.database())
                                && step.command()
                                        .toString()
                                        .startsWith("CREATE SUBSCRIPTION "
                                                + Sql.identifier(
                                                        one.subscription().name()) + "\n")));
        Stream.of(
                        databases.stream().flatMap(database -> database.missing().stream()),
                        rights.stream().flatMap(plan -> plan.missing().stream()),
                        subscribing)
                .flatMap(steps -> steps)
                .sorted(Comparator.comparing(Step::phase))
                .forEach(missing::add);
    }

    private void makeDatabase(DatabaseSurvey database) {
        ServerSurvey server = server(database.database().name());
        String name = database.spec().name();
        takeBack.after(
                "database " + name,
                server.name(),
                () -> new NewDatabase(server.maintenance(), database.database()).drop());
    }

    /** Makes the databases that are not there, without which nothing can be looked at. */
    public void makeDatabases() {
        databases.stream().filter(database -> !database.isThere()).forEach(database -> {
            try (Session session =
                    server(database.database().name()).maintenance().session()) {
                session.execute(
                        "CREATE DATABASE " + Sql.identifier(database.spec().name()));
            }
        });
    }

    /** The steps that are to be carried out then. */
    public Script missing() {
        return new Script(missing);
    }

    /** Undoes what was made, the last first; what stood before is left. Harmless when called twice. */
    public void takeBack() {
        takeBack.run();
    }
}
