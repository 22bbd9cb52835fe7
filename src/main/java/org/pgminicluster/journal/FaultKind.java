package org.pgminicluster.journal;

import org.apiguardian.api.API;

/** What can be done to a cluster on purpose. */
@API(status = API.Status.INTERNAL)
public enum FaultKind {
    /** SIGKILL to every process of a server at once. */
    KILL,
    /** A server is stopped, in a mode. */
    STOP,
    /** A server is started. */
    START,
    /** Every process of a server is frozen. */
    PAUSE,
    /** They are thawed. */
    RESUME,
    /** A standby becomes a primary. */
    PROMOTE,
    /** A server becomes a standby, by a copy of its primary. */
    FOLLOW,
    /** A standby is started as a server of its own, by mistake. */
    START_WITHOUT_SIGNAL,
    /** A server is made anew from a backup, as all was at a restore point. */
    RECOVER,
    /** A publisher lets subscriptions in no more, or a primary its standby. */
    CUT,
    /** A node is cut from all others. */
    ISOLATE,
    /** A node that was a primary is let in by its publishers no more. */
    FENCE,
    /** A walsender is frozen. */
    STALL,
    /** A subscription is led through a slow relay. */
    SLOW,
    /** A backend is ended. */
    TERMINATE,
    /** A slot is dropped. */
    DROP_SLOT,
    /** So much WAL is written that a slot is lost. */
    LOSE_SLOT,
    /** The WAL that is kept for slots gets a limit. */
    LIMIT_WAL
}
