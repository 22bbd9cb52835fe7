package org.pgminicluster.server.process;

import java.nio.file.Path;
import java.util.List;

/** Looks for processes that should not be there. */
final class Leftover {

    private Leftover() {}

    /** Those whose command line names the directory, which a postmaster's does. */
    static List<ProcessHandle> processesIn(Path directory) {
        return ProcessHandle.allProcesses()
                .filter(process -> process.info().commandLine().orElse("").contains(directory.toString() + "/"))
                .filter(process -> process.pid() != ProcessHandle.current().pid())
                .toList();
    }
}
