package org.pgminicluster.cli;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.pgminicluster.lab.check.CheckedNode;
import org.pgminicluster.lab.check.HomeworkCheck;
import org.pgminicluster.server.Address;

/** A server of somebody's as it is named on the command line: {@code vm1=postgresql://user@host:port/database}. */
final class NodeUrl {

    private static final String OPTION = "--node";
    private static final String FORM = "vm1=postgresql://user@host:5432/rep";
    private static final int USUAL_PORT = 5432;
    private static final List<String> SCHEMES = List.of("postgresql", "postgres");

    /** What the driver, and the client programs, are told as well. */
    private static final List<String> PARAMETERS = List.of("sslmode", "sslrootcert", "sslcert", "sslkey", "options");

    private NodeUrl() {}

    /** One of the homework's. */
    static CheckedNode read(String typed, @Nullable String password) {
        return read(typed, HomeworkCheck.NODES, password);
    }

    /**
     * Reads one.
     *
     * @param names what nodes are called
     * @param password from the environment; null to leave it to the password file
     * @throws CommandException if it is none, without what was typed where that may hold a password
     */
    static CheckedNode read(String typed, List<String> names, @Nullable String password) {
        int equals = typed.indexOf('=');
        String name = equals < 0 ? "" : typed.substring(0, equals);
        if (equals > 0 && !names.contains(name)) {
            throw Nearest.unknown("the node", name, names);
        }
        URI uri = uri(typed.substring(equals + 1));
        if (equals <= 0 || !SCHEMES.contains(uri.getScheme()) || uri.getHost() == null) {
            throw CommandException.usage(
                    "expected " + OPTION + " to be like " + FORM + ", but was not; write it like that");
        }
        String user = uri.getRawUserInfo() == null ? System.getProperty("user.name", "postgres") : uri.getRawUserInfo();
        Map<String, String> parameters = parameters(uri.getRawQuery());
        if (user.contains(":") || parameters.containsKey("password")) {
            throw CommandException.usage(
                    "expected " + OPTION + " " + name + " to hold no password, but it holds one, which"
                            + " others can see in the list of processes; give it by PGPASSFILE, ~/.pgpass, PGPASSWORD or at the"
                            + " prompt of a terminal");
        }
        for (String parameter : parameters.keySet()) {
            if (!PARAMETERS.contains(parameter)) {
                throw Nearest.unknown("the parameter of " + OPTION, parameter, PARAMETERS);
            }
        }
        String database = uri.getPath() == null ? "" : uri.getPath().replaceFirst("^/", "");
        return new CheckedNode(
                name,
                new Address(uri.getHost().replaceAll("[\\[\\]]", ""), uri.getPort() < 0 ? USUAL_PORT : uri.getPort()),
                decoded(user),
                database.isEmpty() ? null : database,
                !database.isEmpty(),
                password,
                parameters);
    }

    private static URI uri(String typed) {
        try {
            return new URI(typed);
        } catch (URISyntaxException e) {
            throw CommandException.usage(
                    "expected " + OPTION + " to be like " + FORM + ", but was not; write other letters as %XX");
        }
    }

    private static Map<String, String> parameters(@Nullable String query) {
        Map<String, String> parameters = new HashMap<>();
        if (query != null) {
            for (String pair : query.split("&")) {
                String[] parts = pair.split("=", 2);
                parameters.put(decoded(parts[0]), parts.length > 1 ? decoded(parts[1]) : "");
            }
        }
        return parameters;
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }
}
