package org.pgminicluster.cluster;

import java.util.HashSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.pgminicluster.MiniClusterException;
import org.pgminicluster.runtime.Member;
import org.pgminicluster.script.DumpOrigin;
import org.pgminicluster.script.NamedRoles;
import org.pgminicluster.script.ScriptPiece;
import org.pgminicluster.script.ScriptPlace;
import org.pgminicluster.script.ScriptReader;
import org.pgminicluster.script.Sql;
import org.pgminicluster.script.Step;
import org.pgminicluster.server.ServerKind;
import org.pgminicluster.session.Session;
import org.pgminicluster.session.SqlFailedException;

/**
 * Carries a script out in a session of its own, with which all ends that the script has set: search path, role,
 * replication role, temporary tables.
 */
final class ScriptRun {

    private static final Pattern ROW = Pattern.compile("COPY [^\\n]*?, line (\\d+)");
    private static final Pattern VARIABLE = Pattern.compile("(?<![:\\w]):[\"']?[A-Za-z_]");

    private final Member node;
    private final ScriptReader reader;
    private final ScriptPlace place;
    private final DumpOrigin origin;
    private final Set<String> roles = new HashSet<>();
    private Session session;
    private int transaction;

    private ScriptRun(Member node, Step step, Step.Load load) {
        this.node = node;
        this.reader = new ScriptReader(step, load);
        this.place = reader.place();
        this.origin = DumpOrigin.of(load.script().sql());
        this.session = node.session();
    }

    /**
     * @throws SqlFailedException naming the line of what the node refuses
     * @throws MiniClusterException if the script leaves a transaction open
     * @throws org.pgminicluster.topology.InvalidTopologyException for what is for psql alone, or is not closed
     */
    static void on(Member node, Step step, Step.Load load) {
        ScriptRun run = new ScriptRun(node, step, load);
        try {
            run.toTheEnd();
        } finally {
            run.session.close();
        }
        // It may have altered what a database or a role begins a session with.
        node.disconnectIdle();
    }

    private void toTheEnd() {
        for (@Nullable ScriptPiece piece = reader.next(); piece != null; piece = reader.next()) {
            carryOut(piece);
            if (!session.isInTransaction()) {
                transaction = 0;
            } else if (transaction == 0) {
                transaction = piece.line();
            }
        }
        requireNoTransaction();
    }

    private void carryOut(ScriptPiece piece) {
        if (piece instanceof ScriptPiece.Statement statement) {
            statement(statement);
        } else if (piece instanceof ScriptPiece.Rows rows) {
            rows(rows);
        } else {
            requireNoTransaction();
            session.close();
            session = node.session();
        }
    }

    private void requireNoTransaction() {
        if (transaction > 0) {
            throw new MiniClusterException("expected the transaction that begins in " + place.at(transaction)
                    + " to be ended there, but it is still open at its end; end it with COMMIT");
        }
    }

    private void statement(ScriptPiece.Statement statement) {
        int major = node.version().major();
        if (DumpOrigin.saysNothingTo(major, statement.sql())) {
            return;
        }
        // Every database has this one, and a dump of it alone makes it all the same.
        String sql =
                statement.sql().equals("CREATE SCHEMA public") ? "CREATE SCHEMA IF NOT EXISTS public" : statement.sql();
        // Roles of a server that ran before are for its owner to make.
        if (node.runtime().topology().makesRoles() && node.server().kind() != ServerKind.ATTACHED) {
            makeRoles(sql);
        }
        try {
            session.execute(sql);
        } catch (SqlFailedException e) {
            int within = (int) sql.substring(0, Math.max(0, Math.min(sql.length(), e.position() - 1)))
                    .chars()
                    .filter(c -> c == '\n')
                    .count();
            String advice = e.serverMessage().contains("at or near \":\"")
                            && VARIABLE.matcher(sql).find()
                    ? "Variables are for psql: write the value where this one is used."
                    : origin.advice(major);
            throw e.placed(place.at(statement.line() + within), advice);
        }
    }

    private void rows(ScriptPiece.Rows rows) {
        try {
            session.copyIn(rows.sql(), rows.rows());
        } catch (SqlFailedException e) {
            Matcher row = ROW.matcher(String.valueOf(e.where()));
            int line = row.find() ? rows.rowsLine() + Integer.parseInt(row.group(1)) - 1 : rows.line();
            throw e.placed(place.at(line), origin.advice(node.version().major()));
        }
    }

    /** Beside the script's session, which may be somebody's who must not, or in a transaction that is rolled back. */
    private void makeRoles(String sql) {
        for (String role : NamedRoles.of(sql)) {
            if (roles.add(role) && isMissing(role)) {
                node.executeAside("CREATE ROLE " + Sql.identifier(role));
            }
        }
    }

    private boolean isMissing(String role) {
        try {
            return session.recordedBy(event -> {})
                    .query("SELECT 1 FROM pg_catalog.pg_roles WHERE rolname = ?", role)
                    .isEmpty();
        } catch (SqlFailedException e) {
            // In a transaction that has failed already: so will the statement, which says where.
            return false;
        }
    }
}
