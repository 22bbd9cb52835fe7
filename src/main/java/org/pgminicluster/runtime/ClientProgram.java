package org.pgminicluster.runtime;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apiguardian.api.API;
import org.pgminicluster.EnvironmentException;
import org.pgminicluster.MiniClusterException;
import org.pgminicluster.journal.Event;
import org.pgminicluster.server.ProgramRun;
import org.pgminicluster.server.ServerKind;

/** One run of a client program on a node, written to the journal as a person would have typed it there. */
@API(status = API.Status.INTERNAL)
public record ClientProgram(Member node, String program, List<String> arguments) {

    public ProgramRun run() {
        ProgramRun run = node.server()
                .run(node.database(), program, arguments)
                .orElseThrow(() -> new EnvironmentException(missing()));
        node.runtime().journal().add(node.name(), new Event.Observation(typed(), outcome(run)));
        return run;
    }

    /**
     * Runs it and takes nothing but success.
     *
     * @throws MiniClusterException with what it said
     */
    public ProgramRun mustSucceed() {
        ProgramRun run = run();
        if (!run.succeeded()) {
            throw new MiniClusterException("expected " + program + " to succeed on " + node.name() + ", but was "
                    + outcome(run) + "\nafter " + typed());
        }
        return run;
    }

    private String missing() {
        String wanted = program + " for PostgreSQL " + node.version().major() + " or later";
        if (node.runtime().servers() == ServerKind.CONTAINER) {
            return "expected " + wanted + " to be in the image of " + node.name() + ", but was not; choose another with"
                    + " -Dminicluster.postgres=IMAGE";
        }
        return "expected " + wanted + " to be installed, but was not found; install postgresql-client"
                + (node.runtime().servers() == ServerKind.ATTACHED
                        ? " on this machine, or say where it is with -Dminicluster.programs=DIRECTORY"
                        : ", say where it is with -Dminicluster.programs=DIRECTORY, or run with"
                                + " -Dminicluster.servers=container");
    }

    private String typed() {
        return Stream.concat(Stream.of(program), arguments.stream())
                .map(ClientProgram::quoted)
                .collect(Collectors.joining(" "));
    }

    private static String quoted(String word) {
        return word.matches("[\\w./:=,@%+-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
    }

    private static String outcome(ProgramRun run) {
        return "exit code " + run.exitCode()
                + (run.errors().isBlank() ? "" : "\n" + run.errors().strip());
    }
}
