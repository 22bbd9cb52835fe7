package org.pgminicluster.lab.check;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.pgminicluster.script.Conninfo;

/**
 * Where a connection string leads; what its password is, is not told.
 *
 * @param host empty if it says none
 * @param password whether there is one in it
 */
record Lead(String host, int port, String user, boolean password) {

    static final Lead UNKNOWN = new Lead("", 0, "", false);

    private static final int USUAL_PORT = 5432;
    private static final Pattern URI = Pattern.compile(
            "postgres(?:ql)?://(?:([^:@/?]*)(?::([^@/?]*))?@)?(\\[[^]]*]|[^:/?,]*)(?::(\\d+))?(?:/[^?]*)?(?:\\?(.*))?");

    /** In either form that libpq reads; {@link #UNKNOWN} if it is none of them, or nothing, as for whoever may not see it. */
    static Lead of(String conninfo) {
        if (conninfo.isBlank()) {
            return UNKNOWN;
        }
        Matcher uri = URI.matcher(conninfo.strip());
        try {
            if (uri.matches()) {
                return ofUri(uri);
            }
            Conninfo values = Conninfo.parse(conninfo);
            return new Lead(
                    values.address().orElse("localhost"),
                    values.get("port").map(Integer::parseInt).orElse(USUAL_PORT),
                    values.get("user").orElse(""),
                    values.get("password").isPresent());
        } catch (IllegalArgumentException e) {
            return UNKNOWN;
        }
    }

    private static Lead ofUri(Matcher uri) {
        String host = text(uri.group(3)).replaceAll("[\\[\\]]", "");
        String more = text(uri.group(5));
        return new Lead(
                host.isEmpty() ? "localhost" : host,
                uri.group(4) == null ? USUAL_PORT : Integer.parseInt(uri.group(4)),
                URLDecoder.decode(text(uri.group(1)), StandardCharsets.UTF_8),
                uri.group(2) != null || more.matches("(.*&)?password=.*"));
    }

    private static String text(@Nullable String group) {
        return group == null ? "" : group;
    }

    /** Whether it leads to that server when it is followed on the other one. */
    boolean leadsTo(Survey server, Survey from) {
        boolean port = this.port == server.address().port()
                || this.port == server.server().own().port();
        String here = ServerFacts.host(host);
        return port
                && (isNameOf(here, server)
                        && (!ServerFacts.isLoopback(host) || from.server().isBeside(server.server())));
    }

    private static boolean isNameOf(String host, Survey server) {
        return host.equals(server.node())
                || host.equals(ServerFacts.host(server.address().host()))
                || host.equals(ServerFacts.host(server.server().own().host()));
    }
}
