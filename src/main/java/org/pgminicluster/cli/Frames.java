package org.pgminicluster.cli;

import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/**
 * How the daemon's answer travels: pieces of what it prints as they come about, each behind its kind and length, and its
 * exit code at the end. Nothing is ever held as a whole, however much it is.
 */
final class Frames {

    private static final int OUT = 'o';
    private static final int ERR = 'e';
    private static final int END = 'x';
    private static final int LONGEST = 1 << 20;

    private final DataOutputStream target;

    Frames(OutputStream target) {
        this.target = new DataOutputStream(new BufferedOutputStream(target));
    }

    /** What is written to it is for the standard output of whoever asked. */
    OutputStream out() {
        return stream(OUT);
    }

    /** The same for the standard error. */
    OutputStream err() {
        return stream(ERR);
    }

    /** The answer is complete. */
    void end(int exit) throws IOException {
        synchronized (target) {
            target.writeByte(END);
            target.writeInt(exit);
            target.flush();
        }
    }

    private OutputStream stream(int kind) {
        return new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                write(new byte[] {(byte) b}, 0, 1);
            }

            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                synchronized (target) {
                    for (int at = 0; at < length; at += LONGEST) {
                        int piece = Math.min(LONGEST, length - at);
                        target.writeByte(kind);
                        target.writeInt(piece);
                        target.write(bytes, offset + at, piece);
                    }
                    target.flush();
                }
            }

            /** Nobody who has left is noticed before something is sent, be it nothing. */
            @Override
            public void flush() throws IOException {
                synchronized (target) {
                    target.writeByte(kind);
                    target.writeInt(0);
                    target.flush();
                }
            }
        };
    }

    /** Whether to go on; asked after each piece. */
    @FunctionalInterface
    interface GoOn {
        boolean isWanted() throws IOException;
    }

    /**
     * Passes an answer on while it comes, and returns its exit code.
     *
     * @throws java.io.EOFException if it breaks off
     * @throws IOException also if it is none, or nobody wants the rest
     */
    static int pass(DataInputStream answer, OutputStream out, OutputStream err, GoOn goOn) throws IOException {
        while (true) {
            int kind = answer.readByte();
            int number = answer.readInt();
            if (kind == END) {
                return number;
            }
            if (kind != OUT && kind != ERR || number < 0 || number > LONGEST) {
                throw new IOException("an answer of another version");
            }
            OutputStream target = kind == OUT ? out : err;
            byte[] piece = new byte[number];
            answer.readFully(piece);
            target.write(piece);
            target.flush();
            if (!goOn.isWanted()) {
                throw new IOException("nobody reads the rest");
            }
        }
    }
}
