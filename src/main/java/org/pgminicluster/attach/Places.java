package org.pgminicluster.attach;

import org.pgminicluster.runtime.Member;
import org.pgminicluster.session.SqlFailedException;

/** Where on a server what is asked of the server as a whole can be asked, whatever databases there are. */
final class Places {

    private static final String NO_DATABASE = "3D000";

    private Places() {}

    static Member maintenance(Member node) {
        Member usual = node.in("postgres");
        try {
            usual.look("SELECT 1");
            return usual;
        } catch (SqlFailedException e) {
            if (NO_DATABASE.equals(e.sqlState())) {
                return node.in("template1");
            }
            throw e;
        }
    }
}
