package org.pgminicluster.backup;

import org.apiguardian.api.API;

/**
 * What {@code pg_dump} has written: statements and rows, of one moment.
 *
 * @param node where it was made
 * @param database what was dumped
 * @param format how it is written
 * @param file its name among the files of that node; it goes with the cluster
 */
@API(status = API.Status.MAINTAINED)
public record Dump(String node, String database, Format format, String file) {

    /** How a dump is written, and with that by what it is restored. */
    public enum Format {
        /** A script of SQL, for {@code psql}. */
        PLAIN,
        /** An archive, for {@code pg_restore}, which can take out parts of it. */
        CUSTOM
    }

    /** Such as {@code custom dump of rep on vm3}. */
    @Override
    public String toString() {
        return format.name().toLowerCase(java.util.Locale.ROOT) + " dump of " + database + " on " + node;
    }
}
