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
import java.util.Properties;
import java.util.stream.Stream;

/** Where a command writes to and reads from, and what can be shown there. */
final class Terminal {

    /** The launcher looks, which the JVM cannot: whether the standard output alone is a terminal. */
    static final String ATTACHED = "minicluster.terminal";

    private static final int USUAL_WIDTH = 80;

    private final PrintStream out;
    private final PrintStream err;
    private final InputStream in;
    private final boolean attached;
    private final boolean colour;
    private final int width;
    private final boolean utf8;

    Terminal(PrintStream out, PrintStream err, InputStream in, boolean attached, boolean colour, int width) {
        this(out, err, in, attached, colour, width, true);
    }

    private Terminal(
            PrintStream out,
            PrintStream err,
            InputStream in,
            boolean attached,
            boolean colour,
            int width,
            boolean utf8) {
        this.out = out;
        this.err = err;
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
                stream(new FileOutputStream(FileDescriptor.out), utf8),
                stream(new FileOutputStream(FileDescriptor.err), utf8),
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
        String locale = Stream.of("LC_ALL", "LC_CTYPE", "LANG")
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
            return Math.max(40, Integer.parseInt(columns));
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
