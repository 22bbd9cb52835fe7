package org.pgminicluster.cli;

import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.pgminicluster.server.ServerSettings;
import picocli.CommandLine.Option;

/** Which servers to start; without them the system properties {@code minicluster.*} say so. */
final class ServerOptions {

    /** Logical replication came with it. */
    private static final int OLDEST = 10;

    @Option(names = "--pg", paramLabel = "N", description = "PostgreSQL's major, such as 13, or an image name.")
    private String postgres = "";

    @Option(
            names = "--servers",
            paramLabel = "KIND",
            description = "auto, container or process; auto takes containers where they can be had.")
    private ServerSettings.@Nullable Kind servers;

    ServerSettings settings(Context context) {
        return context.settings(kind(), postgres);
    }

    private String kind() {
        return servers == null ? "" : servers.toString();
    }

    /** The major whose words are asked for, where no server is started. */
    OptionalInt major(Context context) {
        OptionalInt major = settings(context).major();
        if (!postgres.isEmpty() && (major.isEmpty() || major.getAsInt() < OLDEST)) {
            throw CommandException.usage(
                    "expected --pg to tell a major from " + OLDEST + " on, but was \"" + postgres + "\"; say --pg 13");
        }
        return major;
    }

    /** For what reads the system properties itself. */
    void setProperties(Context context) {
        ServerSettings settings = settings(context);
        System.setProperty("minicluster.servers", settings.kind().toString());
        System.setProperty("minicluster.postgres", settings.postgres());
        PostgresBinaries.offer(settings);
    }

    /** As they would be typed again. */
    String repeated() {
        return (postgres.isEmpty() ? "" : " --pg " + postgres) + (servers == null ? "" : " --servers " + servers);
    }

    boolean asksForVersion() {
        return !postgres.isEmpty();
    }

    boolean asksForKind() {
        return servers != null && servers != ServerSettings.Kind.AUTO;
    }
}
