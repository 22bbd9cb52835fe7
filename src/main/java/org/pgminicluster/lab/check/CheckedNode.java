package org.pgminicluster.lab.check;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.pgminicluster.server.Address;

/**
 * How to get to a server that is looked at. The password never appears in {@link #toString()}.
 *
 * @param name what the lesson calls it, such as vm1
 * @param database the database to look in; null to look for it
 * @param isFixed whether no other database will do; else that one is only expected
 * @param password null to leave it to the driver, which reads the password file
 * @param parameters further ones of the driver's, such as {@code sslmode}
 */
public record CheckedNode(
        String name,
        Address address,
        String user,
        @Nullable String database,
        boolean isFixed,
        @Nullable String password,
        Map<String, String> parameters) {

    public CheckedNode {
        parameters = Map.copyOf(parameters);
    }

    CheckedNode withPassword(String typed) {
        return new CheckedNode(name, address, user, database, isFixed, typed, parameters);
    }

    @Override
    public String toString() {
        return name + " at " + address;
    }
}
