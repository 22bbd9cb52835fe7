package org.pgminicluster.server;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.apiguardian.api.API;

/**
 * How far a server recovers from a base backup, and where it finds the WAL for that. Before PostgreSQL 12 that is said in
 * a file of its own, which is the signal, too.
 *
 * @param settings such as {@code restore_command} and {@code recovery_target_name}
 * @see <a href="https://www.postgresql.org/docs/13/runtime-config-wal.html#RUNTIME-CONFIG-WAL-ARCHIVE-RECOVERY">Archive
 *     Recovery</a>
 */
@API(status = API.Status.INTERNAL)
public record Recovery(Map<String, String> settings) {

    private static final int FIRST_WITH_SETTINGS = 12;

    public Recovery {
        settings = Collections.unmodifiableMap(new LinkedHashMap<>(settings));
    }

    /** The file that makes a server of that major recover. */
    public static String signal(int major) {
        return major < FIRST_WITH_SETTINGS ? "recovery.conf" : "recovery.signal";
    }

    /** The file, written already or not, to which {@link #lines()} are added. */
    public static String file(int major) {
        return major < FIRST_WITH_SETTINGS ? "recovery.conf" : "postgresql.auto.conf";
    }

    /** As lines of a file of settings. */
    public String lines() {
        return settings.entrySet().stream()
                .map(setting -> setting.getKey() + " = '" + setting.getValue().replace("'", "''") + "'\n")
                .collect(Collectors.joining());
    }
}
