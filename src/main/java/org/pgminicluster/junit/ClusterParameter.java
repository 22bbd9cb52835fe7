package org.pgminicluster.junit;

import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.util.List;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolutionException;
import org.pgminicluster.cluster.Node;
import org.pgminicluster.topology.Topology;

/**
 * A parameter that asks for a cluster or a node.
 *
 * @param parameter the parameter
 * @param method the method that it belongs to: a test, or one that runs before or after it
 * @param name the method with its class, for messages
 */
record ClusterParameter(ParameterContext parameter, Method method, String name) {

    static ClusterParameter of(ParameterContext parameter, ExtensionContext context) {
        if (parameter.getDeclaringExecutable() instanceof Method method) {
            return new ClusterParameter(parameter, method, TestNames.plain(context.getRequiredTestClass(), method));
        }
        throw new ParameterResolutionException("expected "
                + type(parameter) + " to be a parameter of a method, but was one of the constructor of "
                + parameter.getDeclaringExecutable().getDeclaringClass().getSimpleName()
                + "; ask for it in the test method or in @BeforeEach");
    }

    boolean asksForNode() {
        return parameter.getParameter().getType() == Node.class;
    }

    /**
     * The node that the parameter names, by {@link On} or by its own name.
     *
     * @throws ParameterResolutionException if the topology has no such node
     */
    String node(Topology topology) {
        List<String> known = topology.names();
        Parameter asking = parameter.getParameter();
        String wanted = parameter.findAnnotation(On.class).map(On::value).orElseGet(asking::getName);
        if (!known.contains(wanted)) {
            boolean nameKnown = asking.isNamePresent() || parameter.isAnnotated(On.class);
            throw new ParameterResolutionException("expected " + this + " to name one of the nodes "
                    + String.join(", ", known) + ", but "
                    + (nameKnown ? "it names \"" + wanted + "\"" : "its name is not in the class file")
                    + "; "
                    + (nameKnown
                            ? "rename it"
                            : "compile with -parameters (in Maven the property maven.compiler.parameters is true)")
                    + " or say @On(\"" + known.get(0)
                    + "\")");
        }
        return wanted;
    }

    private static String type(ParameterContext parameter) {
        return parameter.getParameter().getType().getSimpleName();
    }

    /** Such as {@code parameter vm1 (Node) of ReadOnlyCopyIT.a_row_arrives}. */
    @Override
    public String toString() {
        return "parameter " + parameter.getParameter().getName() + " (" + type(parameter) + ") of " + name;
    }
}
