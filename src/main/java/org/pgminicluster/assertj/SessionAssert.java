package org.pgminicluster.assertj;

import org.apiguardian.api.API;
import org.assertj.core.api.AbstractAssert;
import org.jspecify.annotations.Nullable;
import org.pgminicluster.session.Session;
import org.pgminicluster.session.SqlFailedException;

/** Assertions about one session, with what it has set, begun and locked. */
@API(status = API.Status.MAINTAINED)
public final class SessionAssert extends AbstractAssert<SessionAssert, Session> {

    SessionAssert(Session actual) {
        super(actual, SessionAssert.class);
    }

    /** Executes a statement in this session that the server must refuse. */
    public RejectionAssert rejects(String sql, @Nullable Object... params) {
        isNotNull();
        try {
            actual.execute(sql, params);
        } catch (SqlFailedException refusal) {
            return StateAssert.inherit(this, new RejectionAssert(refusal));
        }
        throw failure("expected this session on %s to refuse%n    %s%nbut it was carried out", actual.node(), sql);
    }
}
