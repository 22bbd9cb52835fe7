package org.pgminicluster.script;

import java.util.LinkedHashSet;
import java.util.Set;
import org.apiguardian.api.API;

/**
 * The roles that a statement needs: owners, who is granted what or loses it, whom policies and default privileges are for.
 * A dump names them and makes none, since roles belong to the whole server.
 */
@API(status = API.Status.INTERNAL)
public final class NamedRoles {

    /** Who can stand where a role does, and is none. */
    private static final Set<String> NONE = Set.of("PUBLIC", "CURRENT_USER", "CURRENT_ROLE", "SESSION_USER", "DEFAULT");

    private final SqlTokens tokens;
    private final Set<String> roles = new LinkedHashSet<>();

    private NamedRoles(SqlTokens tokens) {
        this.tokens = tokens;
    }

    /** Those of one statement, in their order. */
    public static Set<String> of(String statement) {
        SqlLexer lexer = new SqlLexer(statement);
        String first = lexer.next() == SqlLexer.Token.WORD ? lexer.word() : "";
        NamedRoles named;
        switch (first) {
            case "ALTER", "CREATE", "GRANT", "REVOKE", "SET" -> {
                if (namesNone(first, lexer)) {
                    return Set.of();
                }
                named = new NamedRoles(SqlTokens.of(statement));
            }
            default -> {
                return Set.of();
            }
        }
        switch (first) {
            case "GRANT", "REVOKE" -> named.grant(0);
            case "SET" -> named.authorization(1, "SESSION");
            case "CREATE" -> named.create();
            default -> named.alter();
        }
        return named.roles;
    }

    /** Most of a dump is tables and indexes, of which the second word tells. */
    private static boolean namesNone(String first, SqlLexer lexer) {
        String second = lexer.next() == SqlLexer.Token.WORD ? lexer.word() : "";
        return first.equals("CREATE") && !Set.of("SCHEMA", "POLICY", "USER").contains(second);
    }

    /** Of a grant without ON both sides are roles. */
    private void grant(int from) {
        int to = tokens.find(tokens.hasWord(from, "GRANT") ? "TO" : "FROM", from);
        if (to < 0) {
            return;
        }
        if (tokens.find("ON", from) < 0) {
            boolean option = tokens.hasWord(from + 1, "ADMIN") || tokens.hasWord(from + 2, "OPTION");
            list(option ? from + 4 : from + 1);
        }
        list(to + 1);
        int by = tokens.find("GRANTED", to);
        if (by >= 0) {
            role(by + 2);
        }
    }

    private void create() {
        if (tokens.hasWord(1, "SCHEMA")) {
            authorization(tokens.find("AUTHORIZATION", 2), "AUTHORIZATION");
        } else if (tokens.hasWord(1, "POLICY")) {
            list(after(tokens.find("TO", 2)));
        } else if (tokens.hasWord(1, "USER") && tokens.hasWord(2, "MAPPING")) {
            role(after(tokens.find("FOR", 2)));
        }
    }

    private void alter() {
        if (tokens.hasWord(1, "DEFAULT") && tokens.hasWord(2, "PRIVILEGES")) {
            int target = tokens.find("FOR", 3);
            if (tokens.hasWord(target + 1, "ROLE") || tokens.hasWord(target + 1, "USER")) {
                list(target + 2);
            }
            int grant = Math.max(tokens.find("GRANT", 3), tokens.find("REVOKE", 3));
            if (grant > 0) {
                grant(grant);
            }
            return;
        }
        if (tokens.hasWord(1, "POLICY") && tokens.find("RENAME", 2) < 0) {
            list(after(tokens.find("TO", 2)));
        }
        for (int owner = tokens.find("OWNER", 1); owner >= 0; owner = tokens.find("OWNER", owner + 1)) {
            if (tokens.hasWord(owner + 1, "TO")) {
                role(owner + 2);
            }
        }
    }

    /** {@code AUTHORIZATION} and a role, after another word or by itself. */
    private void authorization(int at, String word) {
        if (at < 0 || !tokens.hasWord(at, word)) {
            return;
        }
        int authorization = tokens.hasWord(at, "AUTHORIZATION") ? at : at + 1;
        if (tokens.hasWord(authorization, "AUTHORIZATION")) {
            role(authorization + 1);
        }
    }

    private static int after(int found) {
        return found < 0 ? -1 : found + 1;
    }

    /** Roles with commas between them. */
    private void list(int at) {
        if (at < 0) {
            return;
        }
        int next = tokens.hasWord(at, "GROUP") ? at + 1 : at;
        role(next);
        if (tokens.hasComma(next + 1)) {
            list(next + 2);
        }
    }

    private void role(int at) {
        String name = tokens.name(at);
        boolean none = NONE.stream().anyMatch(word -> tokens.hasWord(at, word));
        if (!name.isEmpty() && !none) {
            roles.add(name);
        }
    }
}
