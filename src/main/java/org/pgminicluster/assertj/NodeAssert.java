package org.pgminicluster.assertj;

import java.util.Optional;
import org.apiguardian.api.API;
import org.assertj.core.api.AbstractAssert;
import org.jspecify.annotations.Nullable;
import org.pgminicluster.cluster.Node;
import org.pgminicluster.session.SqlFailedException;

/** Assertions about one node. */
@API(status = API.Status.MAINTAINED)
public final class NodeAssert extends AbstractAssert<NodeAssert, Node> {

    NodeAssert(Node actual) {
        super(actual, NodeAssert.class);
    }

    /** A table on this node. */
    public NodeTableAssert table(String table) {
        isNotNull();
        return StateAssert.inherit(this, new NodeTableAssert(actual.table(table)));
    }

    /** A subscription of this node, in the database that it is seen through. */
    public SubscriptionAssert subscription(String name) {
        isNotNull();
        return StateAssert.inherit(this, new SubscriptionAssert(actual, name));
    }

    /** A replication slot of this node. */
    public SlotAssert slot(String name) {
        isNotNull();
        return StateAssert.inherit(this, new SlotAssert(actual, name));
    }

    /** The server's log. */
    public LogAssert log() {
        isNotNull();
        return StateAssert.inherit(this, new LogAssert(actual));
    }

    /** One of the server's processes, by its pid. */
    public BackendAssert backend(int pid) {
        isNotNull();
        return StateAssert.inherit(this, new BackendAssert(actual, pid));
    }

    /** What a query returns on this node. */
    public QueryAssert query(String sql, @Nullable Object... params) {
        isNotNull();
        return StateAssert.inherit(this, new QueryAssert(actual, sql, params));
    }

    /** Executes a statement that the server must refuse. */
    public RejectionAssert rejects(String sql, @Nullable Object... params) {
        isNotNull();
        Optional<SqlFailedException> refusal = actual.attempt(sql, params);
        if (refusal.isEmpty()) {
            throw failure("expected %s to refuse%n    %s%nbut it was carried out", actual.name(), sql);
        }
        return StateAssert.inherit(this, new RejectionAssert(refusal.get()));
    }

    /** Sends rows by {@code COPY ... FROM STDIN}, which the server must refuse. */
    public RejectionAssert rejectsCopy(String copySql, String data) {
        isNotNull();
        try {
            actual.copyIn(copySql, data);
        } catch (SqlFailedException refusal) {
            return StateAssert.inherit(this, new RejectionAssert(refusal));
        }
        throw failure("expected %s to refuse%n    %s%nbut it was carried out", actual.name(), copySql);
    }
}
