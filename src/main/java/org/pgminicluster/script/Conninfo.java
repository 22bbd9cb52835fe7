package org.pgminicluster.script;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apiguardian.api.API;

/**
 * A libpq connection string: {@code keyword=value} pairs in order.
 *
 * @see <a href="https://www.postgresql.org/docs/13/libpq-connect.html#LIBPQ-CONNSTRING">Connection Strings</a>
 */
@API(status = API.Status.INTERNAL)
public record Conninfo(Map<String, String> values) {

    public Conninfo {
        values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
    }

    /**
     * Reads a connection string in keyword/value form, as libpq does.
     *
     * @throws IllegalArgumentException if it is not one; without the text, which may hold a password
     */
    public static Conninfo parse(String text) {
        Map<String, String> values = new LinkedHashMap<>();
        Scanner scanner = new Scanner(text);
        while (scanner.skipSpace()) {
            values.put(scanner.keyword(), scanner.value());
        }
        return new Conninfo(values);
    }

    /** The value of a keyword. */
    public Optional<String> get(String keyword) {
        return Optional.ofNullable(values.get(keyword));
    }

    /** This with one value set: replaced where it stands or added at the end. */
    public Conninfo with(String keyword, String value) {
        Map<String, String> changed = new LinkedHashMap<>(values);
        changed.put(keyword, value);
        return new Conninfo(changed);
    }

    /** This with one value as another one has it: the same or none. */
    public Conninfo withAsIn(Conninfo other, String keyword) {
        return other.get(keyword).map(value -> with(keyword, value)).orElseGet(() -> {
            Map<String, String> changed = new LinkedHashMap<>(values);
            changed.remove(keyword);
            return new Conninfo(changed);
        });
    }

    /** Where it leads: an address if it has one beside a name, or else the host. */
    public Optional<String> address() {
        return get("hostaddr").or(() -> get("host"));
    }

    /** This, led elsewhere; whoever makes sure of the server's name goes on to expect the same. */
    public Conninfo ledTo(String address, String port) {
        return with(get("sslmode").isPresent() ? "hostaddr" : "host", address).with("port", port);
    }

    /** This, led to where another one leads. */
    public Conninfo ledAs(Conninfo other) {
        return withAsIn(other, "host").withAsIn(other, "hostaddr").withAsIn(other, "port");
    }

    /** As it goes between the quotes of {@code CONNECTION '...'}, before it is made a literal. */
    @Override
    public String toString() {
        return values.entrySet().stream()
                .map(entry -> entry.getKey() + "=" + quoted(entry.getValue()))
                .collect(Collectors.joining(" "));
    }

    static String quoted(String value) {
        return value.matches("[^\\s'\\\\]+")
                ? value
                : "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'";
    }

    private static final class Scanner {
        /** What C's {@code isspace} takes for a space; Java's own notion is wider, and a name may hold such. */
        private static final String SPACES = " \t\n\u000B\f\r";

        private final String text;
        private int at;

        Scanner(String text) {
            this.text = text;
        }

        boolean skipSpace() {
            while (at < text.length() && isSpace(text.charAt(at))) {
                at++;
            }
            return at < text.length();
        }

        private static boolean isSpace(char c) {
            return SPACES.indexOf(c) >= 0;
        }

        String keyword() {
            int equals = text.indexOf('=', at);
            if (equals < 0) {
                throw new IllegalArgumentException(
                        "expected a connection string to be keyword=value pairs, but no = follows character " + at);
            }
            String keyword = text.substring(at, equals).strip();
            at = equals + 1;
            return keyword;
        }

        String value() {
            skipSpace();
            boolean quoted = at < text.length() && text.charAt(at) == '\'';
            if (quoted) {
                at++;
            }
            StringBuilder value = new StringBuilder();
            while (at < text.length()) {
                char c = text.charAt(at++);
                if (c == '\\' && at < text.length()) {
                    value.append(text.charAt(at++));
                } else if (quoted ? c == '\'' : isSpace(c)) {
                    return value.toString();
                } else {
                    value.append(c);
                }
            }
            if (quoted) {
                throw new IllegalArgumentException("expected a closing quote at the end of a connection string");
            }
            return value.toString();
        }
    }
}
