package org.pgminicluster.cli;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What is written to, and why that failed first: a {@link java.io.PrintStream} above it keeps the reason to itself. */
final class Output extends FilterOutputStream {

    private volatile @Nullable String failure;

    Output(OutputStream target) {
        super(target);
    }

    /** The system's words, such as {@code No space left on device}. */
    Optional<String> failure() {
        return Optional.ofNullable(failure);
    }

    @FunctionalInterface
    private interface Write {
        void run() throws IOException;
    }

    private void attempt(Write write) throws IOException {
        try {
            write.run();
        } catch (IOException e) {
            if (failure == null) {
                failure = String.valueOf(e.getMessage());
            }
            throw e;
        }
    }

    @Override
    public void write(int b) throws IOException {
        attempt(() -> out.write(b));
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        attempt(() -> out.write(bytes, offset, length));
    }

    @Override
    public void flush() throws IOException {
        attempt(out::flush);
    }
}
