package org.pgminicluster.server;

import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.util.concurrent.CancellationException;
import org.apiguardian.api.API;

/** Tells interrupts, which client libraries wrap in exceptions of their own. */
@API(status = API.Status.INTERNAL)
public final class Interrupts {

    private Interrupts() {}

    /** Whether an interrupt of this thread is behind the failure; if so the thread's flag is set again. */
    public static boolean caused(Throwable failure) {
        boolean interrupted = Thread.currentThread().isInterrupted();
        for (Throwable cause = failure; cause != null && !interrupted; cause = cause.getCause()) {
            interrupted = cause instanceof InterruptedException
                    || cause instanceof CancellationException
                    || cause instanceof InterruptedIOException && !(cause instanceof SocketTimeoutException);
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return interrupted;
    }
}
