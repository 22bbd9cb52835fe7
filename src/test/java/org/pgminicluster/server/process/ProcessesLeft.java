package org.pgminicluster.server.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** What of a group of this JVM is still on this machine. */
public final class ProcessesLeft {

    private ProcessesLeft() {}

    /** Returns when nothing is there any more that this JVM has made and no cluster uses. */
    public static void settle() {
        ProcessServers.emptyStocks();
    }

    /** The group's directories and processes. */
    public static List<String> of(Path temporary, String group) {
        String mark = "run-" + ProcessHandle.current().pid() + "-";
        try {
            Stream<String> directories = GroupDirectory.all(temporary).stream()
                    .map(directory -> directory.path().toString())
                    .filter(path -> path.contains(mark) && path.endsWith("-" + group));
            Stream<String> processes = ProcessHandle.allProcesses()
                    .flatMap(process -> process.info().commandLine().stream())
                    .filter(command -> command.contains(mark) && command.contains("-" + group + "/"));
            return Stream.concat(directories, processes).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
