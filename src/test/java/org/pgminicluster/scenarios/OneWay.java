package org.pgminicluster.scenarios;

import java.util.function.Consumer;
import org.pgminicluster.topology.NodeSpec;
import org.pgminicluster.topology.Topology;

/**
 * The smallest topology that replicates: {@code primary} publishes, {@code copy} follows. There is no initial copy unless
 * a scenario asks for it, so that whatever arrives was streamed.
 */
final class OneWay {

    private OneWay() {}

    /** The same schema on both nodes; these tables are published as {@code pub} and followed by {@code sub}. */
    static Topology of(String schema, String... tables) {
        return of(schema, primary -> primary.publishes("pub", tables), streams("pub"));
    }

    /** The same schema on both nodes, and what each is for. */
    static Topology of(String schema, Consumer<NodeSpec.Builder> primary, Consumer<NodeSpec.Builder> copy) {
        return apart(node -> primary.accept(node.schema(schema)), node -> copy.accept(node.schema(schema)));
    }

    /** Each node with a schema of its own. */
    static Topology apart(Consumer<NodeSpec.Builder> primary, Consumer<NodeSpec.Builder> copy) {
        return Topology.named("one way")
                .node("primary", primary)
                .node("copy", copy)
                .build();
    }

    /** One subscription, {@code sub}, that copies nothing and streams what these publications send. */
    static Consumer<NodeSpec.Builder> streams(String... publications) {
        return copy ->
                copy.subscription("sub", sub -> sub.to("primary", publications).copyData(false));
    }
}
