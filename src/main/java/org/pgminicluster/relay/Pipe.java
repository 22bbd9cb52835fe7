package org.pgminicluster.relay;

import java.io.IOException;
import java.net.Socket;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * One direction of a connection. One thread reads and says when each piece is due, another one writes it then: a delay
 * that the reader slept through would limit the rate as well.
 */
final class Pipe {

    private static final int PIECE = 16 * 1024;
    private static final int PIECES = 1024;
    private static final byte[] END = {};

    private record Piece(byte[] bytes, long dueNanos) {}

    private final Socket from;
    private final Socket to;
    private final Slowness slowness;
    private final Runnable closeBoth;
    /** When it is full the reader waits, and with it, by TCP's own means, the sender. */
    private final BlockingQueue<Piece> underWay = new ArrayBlockingQueue<>(PIECES);

    private long lastDue = System.nanoTime();
    private volatile boolean broken;

    Pipe(Socket from, Socket to, Slowness slowness, Runnable closeBoth) {
        this.from = from;
        this.to = to;
        this.slowness = slowness;
        this.closeBoth = closeBoth;
    }

    void start() {
        start(this::read, "pg-minicluster-relay-read");
        start(this::write, "pg-minicluster-relay-write");
    }

    private static void start(Runnable work, String name) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
    }

    private void read() {
        byte[] buffer = new byte[pieceSize()];
        try {
            for (int count = from.getInputStream().read(buffer);
                    count >= 0;
                    count = from.getInputStream().read(buffer)) {
                byte[] bytes = new byte[count];
                System.arraycopy(buffer, 0, bytes, 0, count);
                put(bytes);
            }
            put(END);
        } catch (IOException e) {
            broken = true;
            closeBoth.run();
        }
    }

    /** So small that a piece of a slow connection takes a tenth of a second at most. */
    private int pieceSize() {
        long rate = slowness.bytesPerSecond();
        return rate == 0 ? PIECE : (int) Math.max(1, Math.min(PIECE, rate / 10));
    }

    private void put(byte[] bytes) throws IOException {
        Piece piece = new Piece(bytes, due(bytes.length));
        try {
            // The writer ends when the connection breaks, and then nobody takes anything any more.
            while (!underWay.offer(piece, 100, TimeUnit.MILLISECONDS)) {
                if (broken || to.isClosed()) {
                    throw new IOException("the other end is closed");
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    /** Never before the piece before it. */
    private long due(int size) {
        long jitter = slowness.jitter().toNanos();
        long due = System.nanoTime()
                + slowness.latency().toNanos()
                + (jitter == 0 ? 0 : ThreadLocalRandom.current().nextLong(jitter + 1));
        if (slowness.bytesPerSecond() > 0) {
            lastDue += TimeUnit.SECONDS.toNanos(size) / slowness.bytesPerSecond();
        }
        lastDue = Math.max(lastDue, due);
        return lastDue;
    }

    private void write() {
        try {
            for (Piece piece = take(); piece.bytes() != END; piece = take()) {
                to.getOutputStream().write(piece.bytes());
            }
            // The other direction may still have something to say.
            to.shutdownOutput();
            if (from.isOutputShutdown()) {
                closeBoth.run();
            }
        } catch (IOException e) {
            broken = true;
            closeBoth.run();
        }
    }

    private Piece take() throws IOException {
        try {
            Piece piece = null;
            while (piece == null) {
                if (broken || to.isClosed()) {
                    throw new IOException("the connection is closed");
                }
                piece = underWay.poll(100, TimeUnit.MILLISECONDS);
            }
            // Not one long sleep, so that a connection that is closed ends its threads soon.
            for (long left = piece.dueNanos() - System.nanoTime();
                    left > 0 && !to.isClosed();
                    left = piece.dueNanos() - System.nanoTime()) {
                TimeUnit.NANOSECONDS.sleep(Math.min(left, TimeUnit.MILLISECONDS.toNanos(100)));
            }
            return piece;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }
}
