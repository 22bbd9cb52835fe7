package org.pgminicluster.server;

import java.util.Optional;
import org.apiguardian.api.API;

/**
 * How a server's data is replaced by a copy of another's.
 *
 * @param conninfo how this server logs in at the other one, with the application name that is to be seen there; the
 *     library's own hold no password
 * @param slot the physical slot that the copy follows by; empty if it is to follow nobody
 * @param rewind whether to keep what both have in common where {@code pg_rewind} is found and can
 * @see <a href="https://www.postgresql.org/docs/13/app-pgbasebackup.html">pg_basebackup</a>
 */
@API(status = API.Status.INTERNAL)
public record BaseBackup(String conninfo, Optional<String> slot, boolean rewind) {

    /** The base backup of a standby. */
    public static BaseBackup following(String conninfo, String slot) {
        return new BaseBackup(conninfo, Optional.of(slot), false);
    }

    /** A copy without {@code standby.signal}: a server of its own, with the history of the other one. */
    public static BaseBackup onItsOwn(String conninfo) {
        return new BaseBackup(conninfo, Optional.empty(), false);
    }

    /** This, with {@code pg_rewind} where it can be had. */
    public BaseBackup rewinding() {
        return new BaseBackup(conninfo, slot, true);
    }
}
