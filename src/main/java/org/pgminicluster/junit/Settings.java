package org.pgminicluster.junit;

import java.util.Optional;
import java.util.Properties;
import java.util.function.Function;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.pgminicluster.cluster.MiniCluster;
import org.pgminicluster.server.ServerKind;
import org.pgminicluster.server.ServerSettings;

/** The settings {@code minicluster.*} of a test run: JUnit's configuration parameters, else system properties. */
final class Settings {

    private static final Namespace NAMESPACE = Namespace.create(Settings.class);

    private Settings() {}

    static ServerSettings of(ExtensionContext context) {
        return of(context::getConfigurationParameter);
    }

    static ServerSettings of(Function<String, Optional<String>> configurationParameters) {
        Properties properties = new Properties(System.getProperties());
        ServerSettings.keys()
                .forEach(key ->
                        configurationParameters.apply(key).ifPresent(value -> properties.setProperty(key, value)));
        return ServerSettings.from(properties);
    }

    /** What servers will run in; found out once for all tests, since it may take a look for a container engine. */
    static ServerKind kind(ExtensionContext context) {
        return Stored.in(
                context.getRoot().getStore(NAMESPACE),
                "kind",
                () -> MiniCluster.serverKind(of(context)),
                ServerKind.class);
    }
}
