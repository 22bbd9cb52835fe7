package org.pgminicluster.fault;

import java.util.Optional;
import org.pgminicluster.runtime.Link;

/**
 * The walsender that a link had. When its publisher has been started again, another one may have the same pid: in a container
 * pids begin anew.
 */
record FormerWalsender(Link link, int pid, String serverStart) {

    /** The one that it has now, if it has one. */
    static Optional<FormerWalsender> of(Link link) {
        return link.walsender().map(pid -> new FormerWalsender(link, pid, serverStart(link)));
    }

    private static String serverStart(Link link) {
        return String.valueOf(
                link.publisher().look("SELECT pg_postmaster_start_time()").value());
    }

    /** Whether a walsender that the link has now is this one. */
    boolean is(int now) {
        return now == pid && serverStart.equals(serverStart(link));
    }
}
