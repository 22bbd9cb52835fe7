package org.pgminicluster.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apiguardian.api.API;

/**
 * What the system says a process is doing.
 *
 * @see <a href="https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html">proc_pid_stat(5)</a>
 */
@API(status = API.Status.INTERNAL)
public final class ProcessState {

    private ProcessState() {}

    /** A zombie is gone: it only waits for a parent that asks for it, which is never in a container without an init. */
    public static boolean isGone(ProcessHandle process) {
        return !process.isAlive() || "ZX".indexOf(letter(process)) >= 0;
    }

    /** Where the system does not tell, it is taken to have obeyed who stopped it. */
    public static boolean isStopped(ProcessHandle process) {
        char letter = letter(process);
        return letter == '?' || "tTZX".indexOf(letter) >= 0;
    }

    /** {@code ?} where the system does not tell. */
    private static char letter(ProcessHandle process) {
        try {
            return words(process)[0].charAt(0);
        } catch (IOException | IndexOutOfBoundsException e) {
            return '?';
        }
    }

    /**
     * Those of {@code /proc/<pid>/stat} after the name in parentheses, which may hold anything.
     *
     * @throws IOException if there is no such file, as on other systems than Linux
     */
    static String[] words(ProcessHandle process) throws IOException {
        String stat = Files.readString(Path.of("/proc", Long.toString(process.pid()), "stat"));
        return stat.substring(stat.lastIndexOf(')') + 2).split(" ");
    }
}
