package org.pgminicluster.wait;

import org.apiguardian.api.API;
import org.pgminicluster.server.ServerLog;

/** A server without which what is waited for cannot come. */
@API(status = API.Status.INTERNAL)
public interface Needed {

    String name();

    boolean isRunning();

    ServerLog log();
}
