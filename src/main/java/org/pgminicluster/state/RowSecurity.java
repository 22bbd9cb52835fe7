package org.pgminicluster.state;

import java.io.Serializable;
import org.apiguardian.api.API;
import org.pgminicluster.topology.TableName;

/**
 * A published table whose row security holds for a role that replicates: what such a role copies are the rows that a policy
 * shows to it, perhaps none, and nothing fails.
 *
 * @param database where the table is
 * @param table the table
 * @param role the role of a subscriber, which does not bypass row security
 * @see <a href="https://www.postgresql.org/docs/13/ddl-rowsecurity.html">Row Security Policies</a>
 */
@API(status = API.Status.MAINTAINED)
public record RowSecurity(String database, TableName table, String role) implements Serializable {

    /** Such as {@code row security of todo holds for replicator_vm2}. */
    @Override
    public String toString() {
        return "row security of " + table + " holds for " + role;
    }
}
