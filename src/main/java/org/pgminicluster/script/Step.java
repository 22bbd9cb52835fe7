package org.pgminicluster.script;

import org.apiguardian.api.API;
import org.pgminicluster.topology.Migration;
import org.pgminicluster.topology.SqlScript;

/**
 * One thing to do on one node.
 *
 * @param node where
 * @param database in which database
 * @param phase when
 * @param reason why, in one sentence
 * @param command what
 */
@API(status = API.Status.MAINTAINED)
public record Step(String node, String database, Phase phase, String reason, Command command) {

    /**
     * The order of a set-up. Within a phase nodes don't depend on each other, but for {@link #SUBSCRIBE}: two {@code
     * CREATE SUBSCRIPTION}s that cross wait for each other for ever, so those go one after the other. {@link #UPKEEP} keeps
     * guards and rights true for tables that are not there yet; {@link #SUBSCRIBE_TO_STANDBY} comes when the standbys are there;
     * from {@link #SYNCHRONOUS} on commits wait for whom they are to
     * wait for.
     */
    public enum Phase {
        DATABASE,
        SCHEMA,
        SEED,
        GUARD,
        ROLE,
        UPKEEP,
        PUBLISH,
        SUBSCRIBE,
        STANDBY,
        SUBSCRIBE_TO_STANDBY,
        SYNCHRONOUS
    }

    /**
     * What is done: SQL, a script, a migration, setting a password, which no one should do in SQL that a log could keep, or a base
     * backup.
     */
    public sealed interface Command {}

    /** One or many statements; a single one is sent outside of a transaction block. */
    public record Statement(String sql) implements Command {
        @Override
        public String toString() {
            return sql;
        }
    }

    /** A script of the topology, with what a plain dump holds besides SQL; see {@link ScriptReader}. */
    public record Load(SqlScript script) implements Command {

        /** More than anybody reads in a journal, a report or a terminal. */
        private static final int LONGEST = 100_000;

        /** What a person would type: the script itself if it is not too long for that, or psql's command that reads it. */
        @Override
        public String toString() {
            String sql = script.sql();
            if (sql.length() <= LONGEST) {
                return sql;
            }
            return script.isInline()
                    ? sql.substring(0, LONGEST) + "\n-- ... and " + (sql.length() - LONGEST) + " more characters"
                    : "\\i " + script.origin();
        }
    }

    /** Lets code of the topology's author make the schema. */
    public record Migrate(Migration migration) implements Command {
        @Override
        public String toString() {
            return "-- here code of your own makes the schema, such as Flyway";
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
