package org.pgminicluster.assertj;

import java.util.Objects;
import org.apiguardian.api.API;
import org.assertj.core.api.AbstractAssert;
import org.jspecify.annotations.Nullable;
import org.pgminicluster.session.SqlFailedException;

/**
 * Assertions about how a server refused a statement. Each is about one part of its answer; all of it is shown if that
 * part is another.
 *
 * @see <a href="https://www.postgresql.org/docs/13/protocol-error-fields.html">Error and Notice Message Fields</a>
 */
@API(status = API.Status.MAINTAINED)
public final class RejectionAssert extends AbstractAssert<RejectionAssert, SqlFailedException> {

    RejectionAssert(SqlFailedException actual) {
        super(actual, RejectionAssert.class);
    }

    /** The server's message, whole, without severity, detail and hint. */
    public RejectionAssert withMessage(String message) {
        return has("the message", message, actual.serverMessage());
    }

    /** A part of the server's message, where the rest differs between majors. */
    public RejectionAssert withMessageContaining(String part) {
        return contains("a message", part, actual.serverMessage());
    }

    /**
     * @see <a href="https://www.postgresql.org/docs/13/errcodes-appendix.html">PostgreSQL Error Codes</a>
     */
    public RejectionAssert withSqlState(String sqlState) {
        return has("the SQLSTATE", sqlState, actual.sqlState());
    }

    /** The server's hint, whole. */
    public RejectionAssert withHint(String hint) {
        return has("the hint", hint, actual.hint());
    }

    /** The server's detail, whole. */
    public RejectionAssert withDetail(String detail) {
        return has("the detail", detail, actual.detail());
    }

    /** A part of the server's detail. */
    public RejectionAssert withDetailContaining(String part) {
        return contains("a detail", part, actual.detail());
    }

    private RejectionAssert has(String what, String expected, @Nullable String found) {
        return check(Objects.equals(expected, found), "have " + what, expected);
    }

    private RejectionAssert contains(String what, String part, @Nullable String found) {
        return check(found != null && found.contains(part), "have " + what + " with", part);
    }

    private RejectionAssert check(boolean holds, String rule, String expected) {
        isNotNull();
        if (!holds) {
            throw failure(
                    "%s",
                    "expected the refusal of " + actual.node() + " to " + rule + "\n    " + expected + "\nbut it was\n"
                            + answer());
        }
        return this;
    }

    private String answer() {
        return "    ERROR:  " + actual.sqlState() + ": " + actual.serverMessage()
                + (actual.detail() == null ? "" : "\n    DETAIL:  " + actual.detail())
                + (actual.hint() == null ? "" : "\n    HINT:  " + actual.hint());
    }
}
