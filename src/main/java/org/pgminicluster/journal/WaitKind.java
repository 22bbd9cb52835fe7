package org.pgminicluster.journal;

import org.apiguardian.api.API;

/** What can be waited for. */
@API(status = API.Status.INTERNAL)
public enum WaitKind {
    /** Every table of a link has been copied. */
    SYNCED,
    /** A subscription has applied all of a publisher's WAL up to a position. */
    APPLIED,
    /** A standby has replayed all of its primary's WAL up to a position. */
    REPLAYED,
    /** A standby has replayed what it has received. */
    REPLAYED_RECEIVED,
    /** A node says up to where it has written its WAL. */
    POSITION,
    /** A node says what it subscribes to. */
    SUBSCRIPTIONS,
    /** A node answers. */
    ANSWER,
    /** A table has the same rows on some nodes. */
    EQUAL,
    /** A query returns a value. */
    VALUE,
    /** A text is in a node's log. */
    LOGGED,
    /** A setting has a value. */
    SETTING,
    /** A node refuses a role. */
    REFUSED,
    /** A node admits a role. */
    ADMITTED,
    /** A role has no connection to a node. */
    NO_CONNECTION,
    /** A link was turned away by its publisher. */
    TURNED_AWAY,
    /** A link is connected again, or never will be. */
    CONNECTED_AGAIN,
    /** A link is connected through the relay that makes it slow. */
    CONNECTED_THROUGH_RELAY,
    /** A link has a walsender. */
    WALSENDER,
    /** A link has no walsender. */
    NO_WALSENDER,
    /** A walsender is frozen. */
    WALSENDER_STOPPED,
    /** A link has an apply worker. */
    APPLY_WORKER,
    /** A backend is gone. */
    BACKEND_GONE,
    /** Nobody uses a slot. */
    SLOT_IDLE,
    /** There is no such slot. */
    SLOT_DROPPED,
    /** A slot has lost WAL that it needs. */
    SLOT_LOST,
    /** A subscription to a standby is made. */
    SUBSCRIBED,
    /** What somebody claims of something. */
    CLAIM,
    /** What somebody says in words of their own. */
    OWN
}
