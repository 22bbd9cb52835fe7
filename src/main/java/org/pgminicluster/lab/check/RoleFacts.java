package org.pgminicluster.lab.check;

import java.util.List;
import org.pgminicluster.topology.TableName;

/**
 * A role that may log in.
 *
 * @param unreadable the published tables that it may not read
 */
record RoleFacts(String name, boolean superuser, boolean replication, List<TableName> unreadable) {

    RoleFacts {
        unreadable = List.copyOf(unreadable);
    }
}
