package org.pgminicluster.junit;

import java.util.Optional;
import org.apiguardian.api.API;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.LifecycleMethodExecutionExceptionHandler;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolutionException;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;
import org.opentest4j.TestAbortedException;
import org.pgminicluster.cluster.FreshDatabases;
import org.pgminicluster.cluster.MiniCluster;
import org.pgminicluster.cluster.Node;
import org.pgminicluster.cluster.Starter;
import org.pgminicluster.journal.Trace;
import org.pgminicluster.server.ServerSettings;
import org.pgminicluster.topology.Topology;

/**
 * Behind {@link MiniClusterTest}: starts a cluster when a parameter asks for one, closes it with the test or the class
 * that shares it, and adds what the cluster looked like to every failure.
 */
@API(status = API.Status.MAINTAINED)
public final class MiniClusterExtension
        implements ParameterResolver, TestExecutionExceptionHandler, LifecycleMethodExecutionExceptionHandler {

    /**
     * JUnit makes it.
     *
     * @throws org.junit.jupiter.api.extension.ExtensionConfigurationException if that JUnit is older than 5.10
     */
    public MiniClusterExtension() {
        JUnitVersion.check();
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        Class<?> type = parameter.getParameter().getType();
        return type == MiniCluster.class || type == Node.class;
    }

    /** Everything that can be wrong with the question is found before a server starts. */
    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        ClusterParameter asking = ClusterParameter.of(parameter, context);
        ClusterScope scope = ClusterScope.of(asking, context);
        TopologyMember source = TopologyFinder.find(asking, scope.sharedBy(), context);
        ClusterHolder holder = scope.holder();
        Topology topology = holder.topology(() ->
                scope.servers().map(servers -> servers.topology(source::read)).orElseGet(source::read));
        Optional<String> node = asking.asksForNode() ? Optional.of(asking.node(topology)) : Optional.empty();
        boolean unsynced = scope.unsynced(asking, context);
        MiniCluster cluster = holder.cluster(known -> start(known, scope, unsynced, Settings.of(context)));
        context.publishReportEntry(ClusterFacts.of(cluster));
        PostgresCondition.recheck(context, cluster.version().major());
        return node.<Object>map(cluster::node).orElse(cluster);
    }

    private static MiniCluster start(Topology topology, ClusterScope scope, boolean unsynced, ServerSettings settings) {
        Starter starter = scope.servers()
                .map(holder -> holder.servers(name ->
                        FreshDatabases.start(MiniCluster.of(topology).name(name).settings(settings))))
                .map(servers -> servers.next(scope.name()))
                .orElseGet(() -> MiniCluster.of(topology).name(scope.name()).settings(settings));
        if (unsynced) {
            starter.unsynced();
        }
        if (settings.traced()) {
            starter.traced();
        }
        return starter.start();
    }

    @Override
    public void handleTestExecutionException(ExtensionContext context, Throwable failure) throws Throwable {
        throw explained(context, failure);
    }

    @Override
    public void handleBeforeAllMethodExecutionException(ExtensionContext context, Throwable failure) throws Throwable {
        throw explained(context, failure);
    }

    @Override
    public void handleBeforeEachMethodExecutionException(ExtensionContext context, Throwable failure) throws Throwable {
        throw explained(context, failure);
    }

    @Override
    public void handleAfterEachMethodExecutionException(ExtensionContext context, Throwable failure) throws Throwable {
        throw explained(context, failure);
    }

    @Override
    public void handleAfterAllMethodExecutionException(ExtensionContext context, Throwable failure) throws Throwable {
        throw explained(context, failure);
    }

    /** Adds the evidence to what was thrown, while the cluster is still there. */
    private static Throwable explained(ExtensionContext context, Throwable failure) {
        if (failure instanceof ParameterResolutionException && failure.getCause() instanceof TestAbortedException) {
            // JUnit takes whatever comes out of a resolver for a failure.
            return failure.getCause();
        }
        if (!(failure instanceof TestAbortedException || failure instanceof ParameterResolutionException)) {
            ClusterScope.of(context)
                    .flatMap(ClusterScope::existing)
                    .flatMap(ClusterHolder::started)
                    .ifPresent(cluster -> {
                        failure.addSuppressed(ClusterEvidence.of(cluster, failure));
                        cluster.journal().add(null, Trace.BrokenOff.by(failure));
                    });
        }
        return failure;
    }
}
