package org.pgminicluster.lab.check;

import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.pgminicluster.server.Address;

/**
 * What is true of a whole server, and of whoever asks it.
 *
 * @param number its version as {@code server_version_num} has it
 * @param version the same for people
 * @param identity its system identifier, which copies share with their originals
 * @param started when it was started; no two servers of one identity were started at the same microsecond
 * @param walLevel the one that is in force
 * @param walLevelAsked the one that its files ask for, which a restart would bring; null if that may not be seen
 * @param own where it listens as it knows itself
 * @param superuser whether the role that asks may see all
 * @param monitor whether it may see what others do
 * @param replicationRole the {@code session_replication_role} that sessions begin with
 */
record ServerFacts(
        int number,
        String version,
        String identity,
        String started,
        boolean standby,
        String walLevel,
        @Nullable String walLevelAsked,
        Address own,
        boolean superuser,
        boolean monitor,
        String replicationRole) {

    private static final Set<String> LOOPBACK = Set.of("localhost", "::1", "0:0:0:0:0:0:0:1");

    private static final int THOUSANDS = 10_000;

    int major() {
        return number / THOUSANDS;
    }

    /** Whether it is the same process, by whatever address it was reached. */
    boolean isSame(ServerFacts other) {
        return identity.equals(other.identity) && started.equals(other.started);
    }

    /** Whether it is on the machine of the other one, as far as addresses tell. */
    boolean isBeside(ServerFacts other) {
        return host(own.host()).equals(host(other.own.host()));
    }

    static boolean isLoopback(String host) {
        return LOOPBACK.contains(host) || host.startsWith("127.") || host.startsWith("/");
    }

    /** All names that lead back to the machine itself are one. */
    static String host(String host) {
        return isLoopback(host) ? "localhost" : host;
    }
}
