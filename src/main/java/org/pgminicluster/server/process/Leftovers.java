package org.pgminicluster.server.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import org.pgminicluster.MiniClusterException;
import org.pgminicluster.server.Owner;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Removes what JVMs that were killed left behind: running servers and their directories. */
final class Leftovers {

    private static final Logger LOG = LoggerFactory.getLogger(Leftovers.class);

    private final Path temporary;
    private final Signals signals;

    Leftovers(Path temporary, Signals signals) {
        this.temporary = temporary;
        this.signals = signals;
    }

    /** Only what is certain to be nobody's any more; what cannot be removed is reported and stays. */
    void remove() {
        try {
            for (GroupDirectory run : GroupDirectory.all(temporary)) {
                if (run.owner().filter(Owner::isGone).isPresent()) {
                    remove(run);
                }
            }
        } catch (IOException e) {
            LOG.warn("could not look for what killed runs left behind in {}", temporary, e);
        }
    }

    private void remove(GroupDirectory run) {
        LOG.info("removing {}, which a run that was killed left behind", run.path());
        try {
            for (Path server : run.servers()) {
                Path data = new ServerDirectory(server).data();
                new ProcessTree(server.toString(), data, postmaster(data), signals).kill();
                SharedMemory.remove(data);
            }
            run.delete();
        } catch (IOException | MiniClusterException e) {
            LOG.warn("could not remove {}", run.path(), e);
        }
    }

    /** The process that the pid file names, unless the pid has been given to another process since. */
    private static Optional<ProcessHandle> postmaster(Path data) {
        PostmasterPid file = PostmasterPid.read(data);
        if (file.pid().isEmpty() || file.startedSeconds().isEmpty()) {
            return Optional.empty();
        }
        return ProcessHandle.of(file.pid().getAsLong())
                .filter(process ->
                        isPostmaster(process.info(), file.startedSeconds().getAsLong()) && worksIn(process, data));
    }

    private static boolean isPostmaster(ProcessHandle.Info info, long startedSeconds) {
        boolean name = info.command()
                .map(command -> Path.of(command).getFileName().toString().startsWith("postgres"))
                .orElse(false);
        // It notes the time a moment after it was started, and the system's clock counts in ticks.
        return name
                && info.startInstant()
                        .map(Instant::getEpochSecond)
                        .filter(started -> Math.abs(started - startedSeconds) <= 5)
                        .isPresent();
    }

    /** As /proc tells; where there is no /proc, program and start time have to do. */
    private static boolean worksIn(ProcessHandle process, Path data) {
        Path cwd = Path.of("/proc", Long.toString(process.pid()), "cwd");
        try {
            return !Files.exists(Path.of("/proc/self/cwd"))
                    || Files.readSymbolicLink(cwd).startsWith(data);
        } catch (IOException e) {
            return false;
        }
    }
}
