package org.pgminicluster.script;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apiguardian.api.API;

/**
 * Passwords that connection strings must hold where no passfile can: statements, journals, reports and errors have names in
 * their place, and only what is sent to a server has them themselves.
 */
@API(status = API.Status.INTERNAL)
public final class HiddenPasswords {

    /** Of clusters whose connection strings hold none. */
    public static final HiddenPasswords NONE = new HiddenPasswords(false);

    /** As keyword and value, by themselves or within a literal of SQL, where quotes are doubled. */
    private static final Pattern VALUE = Pattern.compile(
            "(\\bpassword\\s*=\\s*)(''(?:[^'\\\\]|\\\\.)*''|'(?:[^'\\\\]|\\\\.)*'|[^\\s'\"]+)", Pattern.DOTALL);

    private static final Pattern IN_URI = Pattern.compile("(\\bpostgres(?:ql)?://[^:@/\\s']*:)([^@\\s']+)");
    private static final Pattern NAME = Pattern.compile("<password-[^>\\s']+>");

    private final boolean hiding;
    private final Map<String, String> byName = new ConcurrentHashMap<>();
    private final Map<String, String> names = new ConcurrentHashMap<>();
    private final AtomicInteger count = new AtomicInteger();

    public HiddenPasswords() {
        this(true);
    }

    private HiddenPasswords(boolean hiding) {
        this.hiding = hiding;
    }

    /** The name that stands for a role's password on a node. */
    public String nameOf(String role, String node, String password) {
        String quoted = Conninfo.quoted(password);
        String usual = "<password-of-" + tame(role) + ">";
        // The same role may have another one on another node.
        String name = quoted.equals(byName.computeIfAbsent(usual, first -> quoted))
                ? usual
                : "<password-of-" + tame(role) + "-on-" + tame(node) + ">";
        byName.put(name, quoted);
        names.putIfAbsent(quoted, name);
        return name;
    }

    private static String tame(String name) {
        return name.replaceAll("[>\\s'\\\\]", "_");
    }

    /** A text with names in place of the passwords of connection strings, of those too that nobody has named yet. */
    public String hide(String text) {
        return hiding && (text.contains("password") || text.contains("://"))
                ? hidden(hidden(text, VALUE), IN_URI)
                : text;
    }

    private String hidden(String text, Pattern pattern) {
        return pattern.matcher(text)
                .replaceAll(found -> Matcher.quoteReplacement(found.group(1) + nameFor(found.group(2))));
    }

    private String nameFor(String password) {
        if (NAME.matcher(password).matches()) {
            return password;
        }
        boolean inLiteral = password.startsWith("''") && password.length() > 2;
        String quoted = inLiteral ? password.substring(1, password.length() - 1) : password;
        return names.computeIfAbsent(quoted, first -> {
            String name = "<password-" + count.incrementAndGet() + ">";
            byName.put(name, first);
            return name;
        });
    }

    /** A statement with the passwords in place of their names, as a literal of SQL has them. */
    public String reveal(String sql) {
        return hiding && sql.contains("<password-")
                ? NAME.matcher(sql)
                        .replaceAll(found -> Matcher.quoteReplacement(byName.getOrDefault(found.group(), found.group())
                                .replace("'", "''")))
                : sql;
    }

    /** None of them. */
    @Override
    public String toString() {
        return byName.size() + " hidden passwords";
    }
}
