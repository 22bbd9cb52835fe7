package org.pgminicluster.server.process;

import org.pgminicluster.server.Passwords;
import org.pgminicluster.server.ServerSpec;

/** The statements that make a copy of the template the server of a spec: its superuser and its database. */
final class FirstSettings {

    private FirstSettings() {}

    static String statements(ServerSpec spec) {
        String user = spec.superuser().user();
        // The verifier, so that the password itself is in no statement and no log.
        String password =
                " PASSWORD '" + Passwords.scramVerifier(spec.superuser().password()) + "'";
        StringBuilder sql = new StringBuilder();
        if (user.equals(Template.SUPERUSER)) {
            sql.append("ALTER ROLE ").append(quote(user)).append(password).append(";\n\n");
        } else {
            // The first superuser stays without a password, so that nobody can log in as it.
            sql.append("CREATE ROLE ")
                    .append(quote(user))
                    .append(" SUPERUSER CREATEDB CREATEROLE REPLICATION BYPASSRLS LOGIN")
                    .append(password)
                    .append(";\n\n");
        }
        sql.append(database(spec.database()));
        if (!user.equals(Template.SUPERUSER)) {
            sql.append("ALTER DATABASE ")
                    .append(quote(spec.database()))
                    .append(" OWNER TO ")
                    .append(quote(user))
                    .append(";\n\n");
        }
        return sql.toString();
    }

    private static String database(String name) {
        if (name.equals(Template.DATABASE)) {
            return "";
        }
        String template = quote(Template.DATABASE);
        // The maintenance database is there already; then the other one is one too many.
        return name.equals(Template.SUPERUSER)
                ? "DROP DATABASE " + template + ";\n\n"
                : "ALTER DATABASE " + template + " RENAME TO " + quote(name) + ";\n\n";
    }

    private static String quote(String identifier) {
        return '"' + identifier.replace("\"", "\"\"") + '"';
    }
}
