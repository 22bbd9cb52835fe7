package org.pgminicluster.server.process;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.pgminicluster.server.ServerSpec;

/**
 * The settings a server is started with: our default, which the spec may replace; the spec's; those that came later; and
 * last what neither may replace, because the server would not be found, or not be read, otherwise. All of them win over
 * {@code ALTER SYSTEM}, so there are no more than there must be.
 */
final class StartSettings {

    static final String HOST = "127.0.0.1";

    private StartSettings() {}

    static Map<String, String> of(ServerSpec spec, Map<String, String> later, ServerDirectory directory, int port) {
        Map<String, String> settings = new LinkedHashMap<>();
        // So a killed server leaves nothing behind in /dev/shm, which is small in containers.
        settings.put("dynamic_shared_memory_type", "mmap");
        spec.settings().forEach((name, value) -> putLast(settings, name, value));
        later.forEach((name, value) -> putLast(settings, name, value));
        putLast(settings, "listen_addresses", HOST);
        putLast(settings, "port", Integer.toString(port));
        putLast(settings, "unix_socket_directories", "");
        putLast(settings, "hba_file", directory.hba().toString());
        putLast(settings, "log_destination", "stderr");
        putLast(settings, "logging_collector", "off");
        if (spec.tls().isPresent()) {
            putLast(settings, "ssl", "on");
            putLast(settings, "ssl_cert_file", directory.certificate().toString());
            putLast(settings, "ssl_key_file", directory.key().toString());
        }
        return settings;
    }

    /** As arguments of {@code postgres}. */
    static List<String> arguments(Map<String, String> settings) {
        return settings.entrySet().stream()
                .flatMap(setting -> List.of("-c", setting.getKey() + "=" + setting.getValue()).stream())
                .toList();
    }

    private static void putLast(Map<String, String> settings, String name, String value) {
        settings.remove(name);
        settings.put(name, value);
    }
}
