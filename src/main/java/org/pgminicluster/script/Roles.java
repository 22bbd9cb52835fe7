package org.pgminicluster.script;

import org.apiguardian.api.API;

/**
 * The roles that nodes use among themselves. {@link #GROUP} may read what is published; each subscribing node logs in
 * by a role of its own that is a member of it, so that a publisher can tell its subscribers apart and refuse one.
 *
 * @see <a href="https://www.postgresql.org/docs/13/logical-replication-security.html">Logical Replication Security</a>
 */
@API(status = API.Status.INTERNAL)
public final class Roles {

    /** Holds the rights, logs in nowhere. */
    public static final String GROUP = "replicator";

    /** Makes it. */
    public static final String MAKE_GROUP = "CREATE ROLE " + GROUP;

    private static final String STANDBY = "standby";

    private Roles() {}

    /** The role by which a node logs in to those it subscribes to. */
    public static String login(String node) {
        return GROUP + "_" + node.replace('-', '_');
    }

    /** The role by which a standby follows its primary; physical replication is a right of its own, and a role's too. */
    public static String standbyLogin(String standby) {
        return STANDBY + "_" + standby.replace('-', '_');
    }
}
