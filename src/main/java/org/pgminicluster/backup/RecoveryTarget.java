package org.pgminicluster.backup;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apiguardian.api.API;
import org.pgminicluster.MiniClusterException;
import org.pgminicluster.state.Lsn;

/**
 * Up to where a recovery goes.
 *
 * @param setting which of PostgreSQL's settings says it, such as {@code recovery_target_xid}
 * @param value its value
 * @param inclusive whether what is named is still recovered
 * @see <a href="https://www.postgresql.org/docs/13/runtime-config-wal.html#RUNTIME-CONFIG-WAL-RECOVERY-TARGET">Recovery
 *     Target</a>
 */
@API(status = API.Status.MAINTAINED)
public record RecoveryTarget(String setting, String value, boolean inclusive) {

    private static final String NAME = "recovery_target_name";
    private static final String IMMEDIATE = "recovery_target";
    /** With an offset: a zone by name is not known when the setting is read. */
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.SSSSSS+00").withZone(ZoneOffset.UTC);

    /** As it was given to {@code pg_create_restore_point}. */
    public static RecoveryTarget restorePoint(String name) {
        return new RecoveryTarget(NAME, name, true);
    }

    /** The transaction of that number is the last one, in the order of their commits. */
    public static RecoveryTarget xid(long xid) {
        return new RecoveryTarget("recovery_target_xid", Long.toString(xid), true);
    }

    /** What was committed up to then, by the clock of the server that wrote it. */
    public static RecoveryTarget time(Instant time) {
        return new RecoveryTarget("recovery_target_time", TIME.format(time), true);
    }

    /** What was written up to there. */
    public static RecoveryTarget lsn(Lsn lsn) {
        return new RecoveryTarget("recovery_target_lsn", lsn.toString(), true);
    }

    /** As soon as the backup is consistent: as it was at its end. */
    public static RecoveryTarget immediate() {
        return new RecoveryTarget(IMMEDIATE, "immediate", true);
    }

    /**
     * The same without what is named.
     *
     * @throws MiniClusterException if it is a restore point or the backup's end, which hold nothing
     */
    public RecoveryTarget exclusive() {
        if (setting.equals(NAME) || setting.equals(IMMEDIATE)) {
            throw new MiniClusterException(
                    "expected what a recovery stops before to be a transaction, a time or an LSN," + " but was " + this
                            + "; recover to it as it is");
        }
        return new RecoveryTarget(setting, value, false);
    }

    boolean isRestorePoint() {
        return setting.equals(NAME);
    }

    Map<String, String> settings() {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put(setting, value);
        settings.put("recovery_target_inclusive", inclusive ? "on" : "off");
        settings.put("recovery_target_action", "promote");
        return settings;
    }

    /** Such as {@code recovery_target_xid = 742, exclusive}. */
    @Override
    public String toString() {
        return setting + " = " + value + (inclusive ? "" : ", exclusive");
    }
}
