package org.pgminicluster.server.process;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.pgminicluster.server.PostgresVersion;

/** Unpacked PostgreSQL programs that run on this machine. */
record Binaries(Path directory, PostgresVersion version, Platform platform, RunAs runAs) {

    Path program(String name) {
        return directory.resolve("bin").resolve(platform.program(name));
    }

    /** The command line of a program, run as somebody for whom it works. */
    List<String> command(String program, List<String> arguments) {
        List<String> command = new ArrayList<>();
        command.add(program(program).toString());
        command.addAll(arguments);
        return runAs.command(command);
    }
}
