package org.pgminicluster.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Stream;

/** Where a command writes to and reads from, and what can be shown there. */
final class Terminal {

    /** The launcher looks, which the JVM cannot: whether the standard output alone is a terminal. */
    static final String ATTACHED = "minicluster.terminal";

    private static final int USUAL_WIDTH = 80;

    /** The launcher gives the JVM a locale that holds any text, and leaves here what {@code LC_ALL} was. */
    static final String CALLERS_LOCALE = "MINICLUSTER_LC_ALL";

    private static final int NARROWEST = 20;
    private static final int WIDEST = 1000;

    private final Output lowest;
    private final PrintStream out;
    private final PrintStream err;
    private final InputStream in;
    private final boolean attached;
    private final boolean colour;
    private final int width;
    private final boolean utf8;

    Terminal(OutputStream out, OutputStream err, InputStream in, boolean attached, boolean colour, int width) {
        this(new Output(out), err, in, attached, colour, width, true);
    }

    private Terminal(
            Output out, OutputStream err, InputStream in, boolean attached, boolean colour, int width, boolean utf8) {
        this.lowest = out;
        this.out = stream(out, utf8);
        this.err = stream(err, utf8);
        this.in = in;
        this.attached = attached;
        this.colour = colour;
        this.width = width;
        this.utf8 = utf8;
    }

    static Terminal ofThisProcess(Properties properties, Map<String, String> environment) {
        String said = properties.getProperty(ATTACHED, "");
        boolean attached = said.isEmpty() ? System.console() != null : said.equals("true");
        boolean utf8 = isUtf8(properties, environment);
        return new Terminal(
                new Output(new FileOutputStream(FileDescriptor.out)),
                new FileOutputStream(FileDescriptor.err),
                System.in,
                attached,
                attached
                        && environment.getOrDefault("NO_COLOR", "").isEmpty()
                        && !"dumb".equals(environment.get("TERM")),
                width(environment.getOrDefault("COLUMNS", "")),
                utf8);
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

    private static PrintStream stream(OutputStream target, boolean utf8) {
        return new PrintStream(utf8 ? target : new AsciiOutput(target), true, StandardCharsets.UTF_8);
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

    PrintStream err() {
        return err;
    }

    /** Why what was written to {@link #out} did not all arrive, in the system's words; empty if it did. */
    Optional<String> lost() {
        out.flush();
        return lowest.failure();
    }

    /** Prints a line for programs: the same value on every terminal, since JSON has a way to write any letter in ASCII. */
    void json(Object json) {
        StringBuilder plain = new StringBuilder();
        String text = String.valueOf(json);
        if (utf8) {
            plain.append(text);
        } else {
            text.chars().forEach(unit -> plain.append(unit < 128 ? "" + (char) unit : String.format("\\u%04x", unit)));
        }
        out.println(plain);
    }

    /** Prints a document as its file would be, in UTF-8 whatever the terminal shows: it is meant for a file or a program. */
    void document(String text) {
        PrintStream document = new PrintStream(lowest, false, StandardCharsets.UTF_8);
        out.flush();
        document.print(text);
        document.flush();
    }

    InputStream in() {
        return in;
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
        return styled("1", text);
    }

    String dim(String text) {
        return styled("2", text);
    }

    String red(String text) {
        return styled("31", text);
    }

    String green(String text) {
        return styled("32", text);
    }

    String yellow(String text) {
        return styled("33", text);
    }

    private String styled(String code, String text) {
        return colour && !text.isEmpty() ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
    }

    /** What a person would type, at the prompt of a node or of a shell. */
    void typed(Typed typed) {
        out.println(dim(typed.prompt()) + typed.text());
    }
}
