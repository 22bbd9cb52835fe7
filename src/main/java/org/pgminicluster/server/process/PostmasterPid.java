package org.pgminicluster.server.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;

/**
 * What a postmaster writes in {@code postmaster.pid}: its pid, the data directory, when it started, its port, its
 * socket directory, its address, its shared memory, its status, a line each.
 *
 * @see <a href="https://www.postgresql.org/docs/13/storage-file-layout.html">Database File Layout</a>
 */
record PostmasterPid(List<String> lines) {

    static Path file(Path data) {
        return data.resolve("postmaster.pid");
    }

    /** Empty if there is no such file. */
    static PostmasterPid read(Path data) {
        try {
            return new PostmasterPid(Files.readAllLines(file(data)));
        } catch (IOException e) {
            return new PostmasterPid(List.of());
        }
    }

    OptionalLong pid() {
        return number(line(0));
    }

    /** In seconds since 1970. */
    OptionalLong startedSeconds() {
        return number(line(2));
    }

    /** The id of the System V shared memory segment. */
    OptionalLong sharedMemoryId() {
        String[] keyAndId = line(6).split("\\s+");
        return keyAndId.length == 2 ? number(keyAndId[1]) : OptionalLong.empty();
    }

    /** Whether it accepts connections, as pg_ctl sees it. */
    boolean isReady() {
        return line(7).equals("ready") || line(7).equals("standby");
    }

    private String line(int index) {
        return index < lines.size() ? lines.get(index).strip() : "";
    }

    private static OptionalLong number(String text) {
        return text.matches("\\d{1,18}") ? OptionalLong.of(Long.parseLong(text)) : OptionalLong.empty();
    }
}
