package org.pgminicluster.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Stream;
import org.pgminicluster.cli.byhand.HandCommand;

/** Where a command writes to and reads from, and what can be shown there. */
final class Terminal {

    /** The launcher looks, which the JVM cannot: whether the standard output by itself is a terminal. */
    static final String ATTACHED = "minicluster.terminal";

    /** The same for the standard input. */
    static final String TYPED_IN = "minicluster.terminal.in";

    private static final String BROKEN_PIPE = "Broken pipe";
    private static final int USUAL_WIDTH = 80;
    private static final int PIECE = 32 * 1024;
    private static final byte[] CLEAR = "\u001b[H\u001b[2J".getBytes(StandardCharsets.US_ASCII);

    /** The launcher gives the JVM a locale that holds any text, and leaves here what {@code LC_ALL} was. */
    static final String CALLERS_LOCALE = "MINICLUSTER_LC_ALL";

    private static final int NARROWEST = 20;
    private static final int WIDEST = 1000;

    private final Output lowest;
    /** Takes what is fit for a terminal already. */
    private final OutputStream fit;

    private final OutputStream fitError;
    private final PrintStream out;
    private final PrintStream err;
    private final InputStream in;
    private final boolean typedIn;
    private final boolean attached;
    private final boolean colour;
    private final int width;
    private final boolean utf8;
    private volatile boolean muted;

    Terminal(OutputStream out, OutputStream err, InputStream in, boolean attached, boolean colour, int width) {
        this(new Output(out), true, err, in, false, attached, colour, width, true);
    }

    private Terminal(
            Output out,
            boolean lineByLine,
            OutputStream err,
            InputStream in,
            boolean typedIn,
            boolean attached,
            boolean colour,
            int width,
            boolean utf8) {
        this.lowest = out;
        this.fit = unlessMuted(out);
        this.fitError = unlessMuted(err);
        this.out = stream(fit, lineByLine, utf8);
        this.err = stream(fitError, true, utf8);
        this.in = in;
        this.typedIn = typedIn;
        this.attached = attached;
        this.colour = colour;
        this.width = width;
        this.utf8 = utf8;
    }

    static Terminal ofThisProcess(Properties properties, Map<String, String> environment) {
        boolean attached = said(properties, ATTACHED);
        return new Terminal(
                new Output(new FileOutputStream(FileDescriptor.out)),
                true,
                new FileOutputStream(FileDescriptor.err),
                System.in,
                said(properties, TYPED_IN),
                attached,
                attached
                        && environment.getOrDefault("NO_COLOR", "").isEmpty()
                        && !"dumb".equals(environment.get("TERM")),
                width(environment.getOrDefault("COLUMNS", "")),
                isUtf8(properties, environment));
    }

    private static boolean said(Properties properties, String key) {
        String said = properties.getProperty(key, "");
        return said.isEmpty() ? System.console() != null : said.equals("true");
    }

    /** The terminal of whoever asked, as the process that answers sees it. */
    static Terminal elsewhere(Request request, OutputStream out, OutputStream err) {
        return new Terminal(
                new Output(new BufferedOutputStream(out, PIECE)),
                false,
                err,
                InputStream.nullInputStream(),
                false,
                request.attached(),
                request.colour(),
                request.width(),
                request.utf8());
    }

    /** What to send so that somebody elsewhere can print on this one. */
    Request request(String token, List<String> args) {
        return new Request(token, args, width, attached, colour, utf8);
    }

    private static PrintStream stream(OutputStream target, boolean lineByLine, boolean utf8) {
        return new PrintStream(new DisplayOutput(target, utf8), lineByLine, StandardCharsets.UTF_8);
    }

    private OutputStream unlessMuted(OutputStream target) {
        return new FilterOutputStream(target) {
            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                if (!muted) {
                    target.write(bytes, offset, length);
                }
            }
        };
    }

    /** From now on nothing is printed: what is still said comes of being interrupted. */
    void interrupted() {
        err().println("minicluster: interrupted");
        muted = true;
    }

    boolean isInterrupted() {
        return muted;
    }

    /** What the locale's variables say, the first that says anything, as every other program here reads them. */
    static boolean isUtf8(Properties properties, Map<String, String> environment) {
        if (properties.getProperty("os.name", "").startsWith("Windows")) {
            return Charset.forName(properties.getProperty("native.encoding", "UTF-8"))
                    .equals(StandardCharsets.UTF_8);
        }
        String all = environment.containsKey(CALLERS_LOCALE) ? CALLERS_LOCALE : "LC_ALL";
        String locale = Stream.of(all, "LC_CTYPE", "LANG")
                .map(name -> environment.getOrDefault(name, ""))
                .filter(value -> !value.isEmpty())
                .findFirst()
                .orElse("");
        String plain = locale.toUpperCase(Locale.ROOT).replace("-", "");
        return plain.contains("UTF8");
    }

    private static int width(String columns) {
        try {
            int said = Integer.parseInt(columns.strip());
            // A terminal that does not know its width says 0.
            return said <= 0 ? USUAL_WIDTH : Math.min(WIDEST, Math.max(NARROWEST, said));
        } catch (NumberFormatException e) {
            return USUAL_WIDTH;
        }
    }

    PrintStream out() {
        return out;
    }

    /** What was printed before is seen before. */
    PrintStream err() {
        out.flush();
        return err;
    }

    /** Why what was written to {@link #out} did not all arrive, in the system's words; empty if it did. */
    Optional<String> lost() {
        out.flush();
        return lowest.failure();
    }

    /** Whether somebody read what was written, and has gone; who reads no further wants no more words. */
    boolean isLeft() {
        return lost().filter(reason -> reason.contains(BROKEN_PIPE)).isPresent();
    }

    /** Where an answer goes that was made for this terminal elsewhere. */
    OutputStream fit() {
        return fit;
    }

    OutputStream fitError() {
        return fitError;
    }

    /** Prints a line for programs: the same value on every terminal, since JSON has a way to write any letter in ASCII. */
    void json(Object json) {
        try (JsonGenerator generator = jsonGenerator()) {
            generator.writeTree(Printer.JSON.valueToTree(json));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        out.println();
    }

    /** Writes a value for programs piece by piece; whoever is done with it closes the generator and ends the line. */
    JsonGenerator jsonGenerator() throws IOException {
        return Printer.JSON
                .createGenerator(out)
                .configure(JsonGenerator.Feature.AUTO_CLOSE_TARGET, false)
                .configure(JsonGenerator.Feature.FLUSH_PASSED_TO_STREAM, false)
                .configure(JsonWriteFeature.ESCAPE_NON_ASCII.mappedFeature(), !utf8);
    }

    /** Prints a document as its file would be, in UTF-8 whatever the terminal shows: it is meant for a file or a program. */
    void document(String text) {
        PrintStream document = new PrintStream(new DisplayOutput(lowest, true), false, StandardCharsets.UTF_8);
        out.flush();
        document.print(text);
        document.flush();
    }

    InputStream in() {
        return in;
    }

    /** Whether somebody types what is read. */
    boolean isTypedIn() {
        return typedIn;
    }

    /** Whether somebody looks at it, and lines may be overwritten. */
    boolean isAttached() {
        return attached;
    }

    boolean hasColour() {
        return colour;
    }

    int width() {
        return width;
    }

    /** Whether it shows more than ASCII; what it cannot show is written by its number. */
    boolean isUtf8() {
        return utf8;
    }

    String bold(String text) {
        return styled(DisplayOutput.Style.BOLD, text);
    }

    String dim(String text) {
        return styled(DisplayOutput.Style.DIM, text);
    }

    String red(String text) {
        return styled(DisplayOutput.Style.RED, text);
    }

    String green(String text) {
        return styled(DisplayOutput.Style.GREEN, text);
    }

    String yellow(String text) {
        return styled(DisplayOutput.Style.YELLOW, text);
    }

    private String styled(DisplayOutput.Style style, String text) {
        return colour && !text.isEmpty() ? style.of(text) : text;
    }

    /** What a person would type, at the prompt of a node or of a shell. */
    void typed(HandCommand command) {
        out.println(dim(command.prompt()) + command.text());
    }

    /** Makes room at the top for what is shown again. */
    void clear() {
        out.flush();
        try {
            fit.write(CLEAR);
        } catch (IOException e) {
            // Told by lost().
        }
    }
}
