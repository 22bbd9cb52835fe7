package org.pgminicluster.script;

/**
 * One thing to do on one node.
 *
 * @param node where
 * @param database in which database
 * @param phase when
 * @param reason why, in one sentence
 * @param command what
 */
public record Step(String node, String database, Phase phase, String reason, Command command) {

    /**
     * The order of a set-up. Within a phase nodes don't depend on each other, but for {@link #SUBSCRIBE}: two {@code
     * CREATE SUBSCRIPTION}s that cross wait for each other for ever, so those go one after the other.
     */
    public enum Phase {
        DATABASE,
        SCHEMA,
        SEED,
        GUARD,
        ROLE,
        PUBLISH,
        SUBSCRIBE,
        STANDBY;

        /** Whether its steps are texts that the topology was given, with whatever they do to their session. */
        public boolean isScript() {
            return this == SCHEMA || this == SEED;
        }
    }

    /** What is done: SQL, setting a password, which no one should do in SQL that a log could keep, or a base backup. */
    public sealed interface Command {}

    /** One or many statements; a single one is sent outside of a transaction block. */
    public record Statement(String sql) implements Command {
        @Override
        public String toString() {
            return sql;
        }
    }

    /**
     * Fills a standby's empty data directory with a copy of its primary; typed in a shell and not in psql.
     *
     * @param primary the node that is copied
     * @param conninfo how the standby logs in there
     * @param slot its physical slot there
     */
    public record BaseBackup(String primary, Conninfo conninfo, String slot) implements Command {
        @Override
        public String toString() {
            return "pg_basebackup --pgdata=\"$PGDATA\" --dbname=\"" + conninfo + "\" --wal-method=stream"
                    + " --checkpoint=fast --write-recovery-conf --slot=" + slot;
        }
    }

    /** Sets a role's password without sending it: what psql's {@code \password} does. */
    public record SetPassword(String role) implements Command {
        @Override
        public String toString() {
            return "\\password " + Sql.identifier(role);
        }
    }
}
