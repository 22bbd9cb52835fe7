package org.pgminicluster.server;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.apiguardian.api.API;

/**
 * The JVM that made something, written on all that it makes, so that a later run can tell what a killed run left behind
 * from what a living one still uses. A pid alone does not do: pids are used again.
 *
 * @param host the machine, and on Linux the namespace in which pids are counted
 * @param startedMillis when the JVM was started, since the start of the system or of an epoch
 */
@API(status = API.Status.INTERNAL)
public record Owner(String host, long pid, long startedMillis) {

    private static final String HOST = "org.pgminicluster.owner.host";
    private static final String PID = "org.pgminicluster.owner.pid";
    private static final String STARTED = "org.pgminicluster.owner.started";

    /** This JVM. */
    public static Owner current() {
        ProcessHandle self = ProcessHandle.current();
        return new Owner(hostName(), self.pid(), startOf(self));
    }

    /** As labels of a container or lines of a properties file. */
    public Map<String, String> toMap() {
        return Map.of(HOST, host, PID, Long.toString(pid), STARTED, Long.toString(startedMillis));
    }

    /** What {@link #toMap()} wrote, or empty if it is not all there. */
    public static Optional<Owner> fromMap(Map<String, String> map) {
        String host = map.get(HOST);
        String pid = map.get(PID);
        String started = map.get(STARTED);
        if (host == null || pid == null || started == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(new Owner(host, Long.parseLong(pid), Long.parseLong(started)));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    /** Whether it ran on this machine and is no more; an owner on another machine is never called gone. */
    public boolean isGone() {
        if (!host.equals(hostName())) {
            return false;
        }
        return ProcessHandle.of(pid)
                .filter(process -> !ProcessState.isGone(process) && startOf(process) == startedMillis)
                .isEmpty();
    }

    /**
     * On Linux since the system's start, which no correction of the clock changes: a living JVM must not look like
     * another one because the machine slept.
     */
    private static long startOf(ProcessHandle process) {
        try {
            // In hundredths of a second.
            return Long.parseLong(ProcessState.words(process)[19]) * 10;
        } catch (IOException | IndexOutOfBoundsException | NumberFormatException e) {
            return process.info().startInstant().map(Instant::toEpochMilli).orElse(0L);
        }
    }

    /** Where pids mean the same: two containers on the host's network have one name, but each its own pids. */
    private static String hostName() {
        try {
            return InetAddress.getLocalHost().getHostName() + pidNamespace();
        } catch (UnknownHostException e) {
            return "unknown" + pidNamespace();
        }
    }

    private static String pidNamespace() {
        try {
            return "/" + Files.readSymbolicLink(Path.of("/proc/self/ns/pid"));
        } catch (IOException e) {
            return "";
        }
    }
}
