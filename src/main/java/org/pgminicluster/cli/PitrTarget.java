package org.pgminicluster.cli;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import org.jspecify.annotations.Nullable;
import org.pgminicluster.backup.RecoveryTarget;
import org.pgminicluster.state.Lsn;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;

/** Up to where a recovery goes, as it is typed. */
final class PitrTarget {

    @Option(
            names = "--time",
            paramLabel = "TIME",
            converter = Time.class,
            description = "Such as '2026-01-31 12:00:00+00', as SELECT now() shows it.")
    private @Nullable Instant time;

    @Option(
            names = "--lsn",
            paramLabel = "LSN",
            converter = Position.class,
            description = "Such as 0/3000148, as SELECT pg_current_wal_lsn() shows it.")
    private @Nullable Lsn lsn;

    @Option(names = "--xid", paramLabel = "XID", description = "A transaction, as SELECT txid_current() shows it.")
    private @Nullable Long xid;

    @Option(names = "--name", paramLabel = "NAME", description = "As SELECT pg_create_restore_point(NAME) made it.")
    private @Nullable String name;

    @Option(names = "--immediate", description = "The end of the base backup.")
    private boolean immediate;

    boolean isImmediate() {
        return immediate;
    }

    RecoveryTarget get() {
        if (time == null && lsn == null && xid == null && name == null && !immediate) {
            throw CommandException.usage(
                    "expected a point to recover to, but was none; say --time, --lsn, --xid, --name"
                            + " or --immediate");
        }
        if (time != null) {
            return RecoveryTarget.time(time);
        }
        if (lsn != null) {
            return RecoveryTarget.lsn(lsn);
        }
        if (xid != null) {
            return RecoveryTarget.xid(xid);
        }
        return name != null ? RecoveryTarget.restorePoint(name) : RecoveryTarget.immediate();
    }

    /** As servers and ISO 8601 write it; the zone must be said, since the server's may be another. */
    static final class Time implements ITypeConverter<Instant> {

        private static final DateTimeFormatter FORMAT = new DateTimeFormatterBuilder()
                .append(DateTimeFormatter.ISO_LOCAL_DATE)
                .appendPattern("[ ]['T']")
                .append(DateTimeFormatter.ISO_LOCAL_TIME)
                .appendPattern("[XXX][X]")
                .toFormatter();

        @Override
        public Instant convert(String typed) {
            try {
                return OffsetDateTime.parse(typed, FORMAT).toInstant();
            } catch (DateTimeException e) {
                throw new UsageError.WrongValue("a time with its zone, such as '2026-01-31 12:00:00+00'");
            }
        }
    }

    /** A position in the WAL. */
    static final class Position implements ITypeConverter<Lsn> {
        @Override
        public Lsn convert(String typed) {
            try {
                return Lsn.parse(typed);
            } catch (RuntimeException e) {
                throw new UsageError.WrongValue("a position in the WAL, such as 0/3000148");
            }
        }
    }
}
