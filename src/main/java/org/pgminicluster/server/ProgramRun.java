package org.pgminicluster.server;

import org.apiguardian.api.API;

/**
 * How a program of PostgreSQL's ended.
 *
 * @param exitCode 0 if it did what it was told
 * @param output what it wrote to its standard output
 * @param errors what it wrote to its standard error
 */
@API(status = API.Status.MAINTAINED)
public record ProgramRun(int exitCode, String output, String errors) {

    /** Whether it did what it was told. */
    public boolean succeeded() {
        return exitCode == 0;
    }
}
