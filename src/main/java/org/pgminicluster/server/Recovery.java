package org.pgminicluster.server;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * How far a server recovers from a base backup, and where it finds the WAL for that.
 *
 * @param settings such as {@code restore_command} and {@code recovery_target_name}
 * @see <a href="https://www.postgresql.org/docs/13/runtime-config-wal.html#RUNTIME-CONFIG-WAL-ARCHIVE-RECOVERY">Archive
 *     Recovery</a>
 */
public record Recovery(Map<String, String> settings) {

    public Recovery {
        settings = Collections.unmodifiableMap(new LinkedHashMap<>(settings));
    }

    /** As lines of {@code postgresql.auto.conf}. */
    public String lines() {
        return settings.entrySet().stream()
                .map(setting -> setting.getKey() + " = '" + setting.getValue().replace("'", "''") + "'\n")
                .collect(Collectors.joining());
    }
}
