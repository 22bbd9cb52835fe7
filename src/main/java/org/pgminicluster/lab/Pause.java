package org.pgminicluster.lab;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import org.pgminicluster.lab.lesson.Texts;

/** Waits for Enter between two chapters. */
final class Pause implements Runnable {

    private final InputStream in;
    private final PrintStream out;
    private final String prompt;
    private boolean ended;

    private Pause(InputStream in, PrintStream out, String prompt) {
        this.in = in;
        this.out = out;
        this.prompt = prompt;
    }

    /** What to do before a chapter. */
    static Runnable of(LabOptions options, InputStream in, PrintStream out) {
        return options.pause()
                ? new Pause(in, out, Texts.ofLab(options.language()).get("pause"))
                : () -> {};
    }

    @Override
    public void run() {
        if (ended) {
            return;
        }
        out.printf("%n%s", prompt);
        out.flush();
        try {
            int read;
            do {
                read = in.read();
            } while (read != '\n' && read >= 0);
            // Whoever has closed the input will never press Enter.
            ended = read < 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
