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
        SUBSCRIBE
    }

    /** What is done: SQL, or setting a password, which no one should do in SQL that a log could keep. */
    public sealed interface Command {}

    /** One or many statements; a single one is sent outside of a transaction block. */
    public record Statement(String sql) implements Command {
        @Override
        public String toString() {
            return sql;
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
