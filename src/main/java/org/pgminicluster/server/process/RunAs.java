package org.pgminicluster.server.process;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.pgminicluster.EnvironmentException;
import org.pgminicluster.MiniClusterException;

/**
 * How {@code initdb} and {@code postgres} are run, which refuse to work for root. Every way replaces itself by the
 * program, so the pid we start is the pid of the postmaster.
 *
 * @param prefix goes before every command
 * @param user who must own the files that the programs use, or null if that is the user of this JVM
 */
record RunAs(List<String> prefix, @Nullable String user) {

    /** As we are. */
    static final RunAs SELF = new RunAs(List.of(), null);

    /** In a user namespace where root is nobody in name, and its files are still its own. */
    static final RunAs NAMESPACE = new RunAs(List.of("unshare", "-U"), null);

    /** As the user who owns nothing else; for containers that forbid user namespaces. */
    static final RunAs NOBODY =
            new RunAs(List.of("setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups"), "nobody");

    /**
     * @throws EnvironmentException if this JVM runs as root and none of the ways works
     */
    static RunAs onThisMachine(Platform platform) {
        if (platform.isWindows() || !prints("0", List.of("id", "-u"))) {
            return SELF;
        }
        for (RunAs way : List.of(NAMESPACE, NOBODY)) {
            if (way.works()) {
                return way;
            }
        }
        throw new EnvironmentException(
                "expected this JVM not to be run by root, for whom PostgreSQL does not start, but"
                        + " was, and neither unshare -U nor setpriv --reuid=nobody works here; run it as another user");
    }

    List<String> command(List<String> command) {
        List<String> whole = new ArrayList<>(prefix);
        whole.addAll(command);
        return whole;
    }

    /** Gives the files to the user that the programs run as. */
    void handOver(Path directory) {
        if (user == null) {
            return;
        }
        try {
            Command.Result chown = Command.output(List.of("chown", "-R", user, directory.toString()));
            if (!chown.succeeded()) {
                throw new MiniClusterException(
                        "could not give " + directory + " to the user " + user + ": " + chown.output());
            }
        } catch (IOException e) {
            throw new MiniClusterException("could not give " + directory + " to the user " + user, e);
        }
    }

    /** Whether the user that the programs run as can read and execute the file. */
    boolean canExecute(Path program) {
        return succeeds(command(List.of("test", "-x", program.toString())));
    }

    /** initdb looks the user's name up, so it must have one. */
    private boolean works() {
        return succeeds(command(List.of("id", "-un"))) && !prints("0", command(List.of("id", "-u")));
    }

    private static boolean succeeds(List<String> command) {
        try {
            return Command.output(command).succeeded();
        } catch (IOException e) {
            return false;
        }
    }

    private static boolean prints(String expected, List<String> command) {
        try {
            return Command.output(command).output().equals(expected);
        } catch (IOException e) {
            return false;
        }
    }
}
