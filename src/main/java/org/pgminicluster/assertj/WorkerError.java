package org.pgminicluster.assertj;

import java.util.Locale;
import java.util.regex.Pattern;
import org.apiguardian.api.API;

/**
 * By what a subscription's workers fail, whatever words a major has for it. The log of a worker has no SQLSTATE.
 *
 * @see <a href="https://www.postgresql.org/docs/18/logical-replication-conflicts.html">Conflicts</a>
 */
@API(status = API.Status.MAINTAINED)
public enum WorkerError {
    /** A row that comes has a key that is there already. */
    DUPLICATE_KEY(
            "^duplicate key value violates unique constraint |: conflict=(insert_exists|update_exists|multiple_)"),
    /** A published table is not on the subscriber. */
    MISSING_TABLE("^logical replication target relation \".*\" does not exist"),
    /** A published column is not on the subscriber. */
    MISSING_COLUMN("^logical replication target relation \".*\" is missing (some )?replicated column"),
    /** A row is to be changed, and nothing tells which. */
    NO_REPLICA_IDENTITY("^logical replication target relation \".*\" has neither REPLICA IDENTITY|"
            + "^publisher did not send replica identity column"),
    /** The subscription's role, or its owner, may not do that. */
    PERMISSION_DENIED("(^|: ERROR: {2})permission denied for "),
    /** A row that comes is against a CHECK, NOT NULL or foreign key of the subscriber. */
    CONSTRAINT_VIOLATED("violates (check|not-null|foreign key) constraint"),
    /** A value that comes is none of the column's type. */
    WRONG_TYPE("^invalid input syntax for |^value too long for type "),
    /** A table is to be emptied that another one refers to. */
    TRUNCATE_REFERENCED("^cannot truncate a table referenced in a foreign key constraint"),
    /** The publication is not there. */
    MISSING_PUBLICATION("publication \".*\" does not exist"),
    /** The slot is not there. */
    MISSING_SLOT("replication slot \".*\" does not exist"),
    /** WAL that the slot needs is gone. */
    LOST_SLOT("cannot read from logical replication slot|can no longer (get changes from|access) replication slot|"
            + "requested WAL segment .* has already been removed"),
    /** Somebody else has the slot. */
    SLOT_IN_USE("replication slot \".*\" is active for PID "),
    /** The publisher does not let the subscription in, or is not there. */
    NO_CONNECTION("could not connect to the publisher");

    private final Pattern wording;

    WorkerError(String wording) {
        this.wording = Pattern.compile(wording);
    }

    /** Whether it is that which a worker has logged. */
    boolean is(String message) {
        return wording.matcher(message).find();
    }

    /** Such as {@code duplicate key}. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
