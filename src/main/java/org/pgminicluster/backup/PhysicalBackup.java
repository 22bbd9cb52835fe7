package org.pgminicluster.backup;

import java.util.Map;
import org.apiguardian.api.API;

/**
 * What {@code pg_basebackup} has written: the files of a whole node, with the WAL that makes them consistent.
 *
 * @param node where it was made
 * @param directory its name among the files of that node; it goes with the cluster
 * @param room settings that a server which recovers from it must not have smaller
 * @see <a href="https://www.postgresql.org/docs/13/hot-standby.html#HOT-STANDBY-ADMIN">Administrator's Overview</a>
 */
@API(status = API.Status.MAINTAINED)
public record PhysicalBackup(String node, String directory, Map<String, String> room) {

    public PhysicalBackup {
        room = Map.copyOf(room);
    }
}
