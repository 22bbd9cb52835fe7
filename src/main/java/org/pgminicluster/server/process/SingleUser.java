package org.pgminicluster.server.process;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Runs statements on a data directory without a server that somebody could connect to.
 *
 * @see <a href="https://www.postgresql.org/docs/13/app-postgres.html">postgres, Options for Single-User Mode</a>
 */
record SingleUser(Binaries binaries, Path data, Path log, Duration atMost) {

    /**
     * @param statements each followed by a semicolon and an empty line
     * @return the exit code, not 0 when a statement failed; why is in the log then
     */
    int run(String statements) {
        List<String> arguments = new ArrayList<>(List.of("--single", "-j", "-D", data.toString()));
        // Nothing here outlives the machine, so nothing waits for a disk; and no log quotes a password's verifier.
        for (String setting : List.of(
                "exit_on_error=on",
                "fsync=off",
                "shared_buffers=1MB",
                "min_wal_size=32MB",
                "log_min_error_statement=panic",
                "log_checkpoints=off")) {
            arguments.add("-c");
            arguments.add(setting);
        }
        arguments.add(Template.SUPERUSER);
        return Command.run(binaries.command("postgres", arguments), statements, log, atMost);
    }
}
