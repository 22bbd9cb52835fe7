package org.pgminicluster.server.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A postmaster that is killed leaves a small System V shared memory segment behind, which only its next start would
 * remove. There are 4096 on a machine, so those of servers that will not start again are removed here.
 *
 * @see <a href="https://www.postgresql.org/docs/13/kernel-resources.html">Managing Kernel Resources</a>
 */
final class SharedMemory {

    private static final Logger LOG = LoggerFactory.getLogger(SharedMemory.class);
    private static final Path SEGMENTS = Path.of("/proc/sysvipc/shm");

    private SharedMemory() {}

    /** Removes the segment that the postmaster's pid file names, if it exists and no process uses it. */
    static void remove(Path data) {
        OptionalLong id = PostmasterPid.read(data).sharedMemoryId();
        try {
            if (id.isPresent() && isUnused(id.getAsLong(), Files.readAllLines(SEGMENTS))) {
                Command.output(List.of("ipcrm", "-m", Long.toString(id.getAsLong())));
            }
        } catch (IOException e) {
            LOG.debug("no segment of shared memory removed: {}", e.toString());
        }
    }

    /** Whether the table has such a segment ({@code shmid} in the second column) without a user ({@code nattch}, 7th). */
    static boolean isUnused(long id, List<String> table) {
        return table.stream()
                .map(line -> line.strip().split("\\s+"))
                .anyMatch(columns ->
                        columns.length > 6 && columns[1].equals(Long.toString(id)) && columns[6].equals("0"));
    }
}
