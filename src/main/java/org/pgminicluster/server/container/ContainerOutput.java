package org.pgminicluster.server.container;

import com.github.dockerjava.api.async.ResultCallback;
import com.github.dockerjava.api.model.Frame;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** What a container says: of one server into its log, and when that is gone, of the next one into another log. */
final class ContainerOutput extends ResultCallback.Adapter<Frame> {

    private static final String READY = "database system is ready to accept";
    private static final String GONE = Layout.GONE + "\n";

    private OutputStream out;
    private CompletableFuture<@Nullable Void> ready = new CompletableFuture<>();

    /** What was said since the end of the server was expected, until its last word is known. */
    private @Nullable ByteArrayOutputStream unsorted;

    private CompletableFuture<@Nullable Void> gone = new CompletableFuture<>();
    private volatile boolean flowing = true;
    private volatile boolean begun;

    ContainerOutput(Path file) {
        out = open(file);
    }

    private static OutputStream open(Path file) {
        try {
            return Files.newOutputStream(file, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public synchronized void onNext(Frame frame) {
        try {
            if (unsorted != null) {
                unsorted.write(frame.getPayload());
                sort(unsorted);
            } else {
                out.write(frame.getPayload());
                look(frame.getPayload());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void look(byte[] said) {
        if (!ready.isDone() && new String(said, StandardCharsets.UTF_8).contains(READY)) {
            ready.complete(null);
        }
    }

    /** Latin 1, in which each byte is a character. */
    private void sort(ByteArrayOutputStream said) throws IOException {
        String text = said.toString(StandardCharsets.ISO_8859_1);
        int last = text.indexOf(GONE);
        if (last >= 0) {
            byte[] all = said.toByteArray();
            out.write(all, 0, last);
            out.close();
            ByteArrayOutputStream next = new ByteArrayOutputStream();
            next.write(all, last + GONE.length(), all.length - last - GONE.length());
            out = next;
            unsorted = null;
            ready = new CompletableFuture<>();
            look(next.toByteArray());
            gone.complete(null);
        }
    }

    /** From now on what is said may be of the next server. */
    synchronized void expectGone() {
        unsorted = new ByteArrayOutputStream();
        gone = new CompletableFuture<>();
        if (!flowing) {
            gone.complete(null);
        }
    }

    /** Whether no process of the server was left in time, and the container lives. */
    boolean awaitGone(Duration atMost) {
        return ended(gone(), atMost) && flowing;
    }

    private synchronized CompletableFuture<@Nullable Void> gone() {
        return gone;
    }

    /** What the next server has said, and is going to say. */
    synchronized void writeTo(Path file) {
        try {
            OutputStream log = open(file);
            if (out instanceof ByteArrayOutputStream kept) {
                kept.writeTo(log);
            }
            out = log;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns when the server has said that it is ready, the container has ended, or the time is over. */
    void awaitReady(Duration atMost) {
        CompletableFuture<@Nullable Void> said;
        synchronized (this) {
            said = ready;
        }
        ended(said, atMost);
    }

    private static boolean ended(CompletableFuture<@Nullable Void> future, Duration atMost) {
        try {
            future.get(atMost.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException | ExecutionException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    void begin() {
        begun = true;
    }

    boolean hasBegun() {
        return begun;
    }

    boolean isFlowing() {
        return flowing;
    }

    @Override
    public void close() throws IOException {
        flowing = false;
        try {
            super.close();
        } finally {
            synchronized (this) {
                if (unsorted != null) {
                    unsorted.writeTo(out);
                    unsorted = null;
                }
                ready.complete(null);
                gone.complete(null);
                out.close();
            }
        }
    }
}
