package org.pgminicluster.trace;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apiguardian.api.API;
import org.pgminicluster.journal.Trace;
import org.pgminicluster.runtime.ClusterRuntime;
import org.pgminicluster.script.NodeSettings;
import org.pgminicluster.script.PsqlScript;
import org.pgminicluster.script.Setting;
import org.pgminicluster.script.Slots;
import org.pgminicluster.server.ServerKind;
import org.pgminicluster.topology.DatabaseSpec;
import org.pgminicluster.topology.NodeSpec;
import org.pgminicluster.topology.Publication;
import org.pgminicluster.topology.StandbySpec;
import org.pgminicluster.topology.Subscription;
import org.pgminicluster.topology.TableName;
import org.pgminicluster.topology.Topology;

/** A topology in the words of the journal. */
@API(status = API.Status.INTERNAL)
public final class Layouts {

    private final ClusterRuntime runtime;
    private final Topology topology;

    private Layouts(ClusterRuntime runtime) {
        this.runtime = runtime;
        this.topology = runtime.topology();
    }

    public static Trace.Layout of(ClusterRuntime runtime) {
        Layouts layouts = new Layouts(runtime);
        return new Trace.Layout(
                Stream.concat(
                                layouts.topology.nodes().stream().map(layouts::member),
                                layouts.topology.standbys().stream().map(layouts::member))
                        .toList(),
                layouts.arrows());
    }

    /** All that its node has, and nothing of it to be written. */
    private Trace.Member member(StandbySpec standby) {
        Trace.Member primary = member(topology.described(standby.name()));
        int major = runtime.majorOf(standby.name());
        return new Trace.Member(
                standby.name(),
                runtime.member(standby.name()).version().full(),
                List.of(),
                Stream.concat(primary.publishes().stream(), primary.readOnly().stream())
                        .distinct()
                        .toList(),
                settings(() -> NodeSettings.of(topology, standby, major)),
                PsqlScript.of(topology, standby.name(), major));
    }

    /** Servers that are attached have their own. */
    private List<Trace.Setting> settings(Supplier<List<Setting>> given) {
        List<Setting> settings = runtime.servers() == ServerKind.ATTACHED ? List.of() : given.get();
        return settings.stream()
                .map(setting -> new Trace.Setting(setting.name(), setting.value(), setting.reason()))
                .toList();
    }

    private Trace.Member member(NodeSpec node) {
        int major = runtime.majorOf(node.name());
        List<String> publishes = new ArrayList<>();
        List<String> readOnly = new ArrayList<>();
        for (DatabaseSpec database : node.databases()) {
            String prefix = database.name().equals(topology.database()) ? "" : database.name() + ": ";
            database.publications().stream()
                    .flatMap(publication -> tables(publication).stream())
                    .map(table -> prefix + table)
                    .filter(table -> !publishes.contains(table))
                    .forEach(publishes::add);
            database.readOnly().stream()
                    .map(TableName::toString)
                    .map(prefix::concat)
                    .forEach(readOnly::add);
        }
        return new Trace.Member(
                node.name(),
                runtime.member(node.name()).version().full(),
                publishes,
                readOnly,
                settings(() -> NodeSettings.of(topology, node, major)),
                PsqlScript.of(topology, node.name(), major));
    }

    private List<Trace.Arrow> arrows() {
        List<Trace.Arrow> arrows = new ArrayList<>();
        for (NodeSpec node : topology.nodes()) {
            for (DatabaseSpec database : node.databases()) {
                database.subscriptions().forEach(subscription -> arrows.add(arrow(node, subscription)));
            }
        }
        topology.standbys()
                .forEach(standby -> arrows.add(new Trace.Arrow(
                        standby.primary(),
                        standby.name(),
                        true,
                        standby.name(),
                        List.of(),
                        Slots.ofStandby(standby.name()),
                        List.of())));
        return arrows;
    }

    private Trace.Arrow arrow(NodeSpec subscriber, Subscription subscription) {
        Optional<DatabaseSpec> publisher =
                topology.described(subscription.publisher()).database(subscription.publisherDatabase());
        return new Trace.Arrow(
                subscription.publisher(),
                subscriber.name(),
                false,
                subscription.name(),
                subscription.publications(),
                "none".equals(subscription.slotName()) ? null : subscription.slotName(),
                subscription.publications().stream()
                        .flatMap(name -> publisher.flatMap(database -> database.publication(name)).stream())
                        .flatMap(publication -> tables(publication).stream())
                        .distinct()
                        .toList());
    }

    private static List<String> tables(Publication publication) {
        List<String> tables = new ArrayList<>();
        if (publication.allTables()) {
            tables.add("all tables");
        }
        publication.tables().forEach(table -> tables.add(table.name().toString()));
        publication.schemas().forEach(schema -> tables.add("schema " + schema));
        return tables;
    }
}
