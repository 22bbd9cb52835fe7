package org.pgminicluster.cli;

import java.nio.file.Path;
import java.util.Properties;
import org.pgminicluster.server.ServerSettings;

/** What every command needs: where to print, and which settings apply. */
record Context(Terminal terminal, Properties properties) {

    /** The settings as the properties say. */
    ServerSettings settings() {
        return ServerSettings.from(properties);
    }

    /** The settings as the properties say, unless an option says otherwise; an empty option says nothing. */
    ServerSettings settings(String servers, String postgres) {
        Properties changed = new Properties();
        properties.stringPropertyNames().forEach(key -> changed.setProperty(key, properties.getProperty(key)));
        if (!servers.isEmpty()) {
            changed.setProperty("minicluster.servers", servers);
        }
        if (!postgres.isEmpty()) {
            changed.setProperty("minicluster.postgres", postgres);
        }
        return ServerSettings.from(changed);
    }

    /** Where the cluster that stays up has its logs, its journal and its state. */
    ClusterDirectory directory() {
        return ClusterDirectory.in(settings());
    }

    /** A path as somebody in this directory would write it, if that is shorter. */
    String shown(Path path) {
        Path here = Path.of("").toAbsolutePath();
        Path absolute = path.toAbsolutePath().normalize();
        return absolute.startsWith(here) && !absolute.equals(here)
                ? here.relativize(absolute).toString()
                : absolute.toString();
    }
}
