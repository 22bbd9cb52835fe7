package org.pgminicluster.junit;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.pgminicluster.cluster.MiniCluster;

/**
 * What the cluster looked like when a test failed: a suppressed exception of the failure, so that every runner prints
 * it, and a file beside the logs. It is no failure of its own, so it has no stack trace.
 */
final class ClusterEvidence extends RuntimeException {

    private static final long serialVersionUID = 1L;
    private static final Duration AT_MOST = Duration.ofSeconds(20);
    private static final String FILE = "evidence.txt";

    private ClusterEvidence(String message) {
        super(message, null, false, false);
    }

    /** Never throws and takes 20 seconds at most, whatever state the servers or this thread are in. */
    static ClusterEvidence of(MiniCluster cluster, Throwable failure) {
        // On a thread of its own: what is interrupted or hangs here must not keep the test from failing.
        CompletableFuture<String> text = new CompletableFuture<>();
        Thread gatherer = new Thread(() -> gather(cluster, failure, text), "pg-minicluster-evidence");
        gatherer.setDaemon(true);
        boolean interrupted = Thread.interrupted();
        try {
            gatherer.start();
            return new ClusterEvidence(text.get(AT_MOST.toMillis(), TimeUnit.MILLISECONDS));
        } catch (ExecutionException e) {
            return without(cluster, "could not be gathered: " + e.getCause());
        } catch (TimeoutException e) {
            return without(cluster, "did not come within " + AT_MOST.toSeconds() + " s");
        } catch (InterruptedException e) {
            interrupted = true;
            return without(cluster, "was not waited for: the test was interrupted");
        } finally {
            gatherer.interrupt();
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static void gather(MiniCluster cluster, Throwable failure, CompletableFuture<String> text) {
        try {
            String evidence = EvidenceText.of(cluster, failure);
            text.complete(evidence);
            Files.writeString(cluster.directory().resolve(FILE), failure + "\n\n" + evidence + "\n");
        } catch (IOException e) {
            // It is in the failure all the same.
        } catch (Throwable e) {
            text.completeExceptionally(e);
        }
    }

    private static ClusterEvidence without(MiniCluster cluster, String why) {
        return new ClusterEvidence(
                "what the cluster looked like " + why + "\nlogs and journal: " + cluster.directory());
    }

    @Override
    public String toString() {
        return String.valueOf(getMessage());
    }
}
