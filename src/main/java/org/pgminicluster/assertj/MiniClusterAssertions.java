package org.pgminicluster.assertj;

import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;
import org.pgminicluster.cluster.MiniCluster;
import org.pgminicluster.cluster.Node;
import org.pgminicluster.journal.Row;
import org.pgminicluster.session.Session;

/**
 * The entry to the assertions of this library: a static import away.
 *
 * <p>What is claimed is judged as it is now, but for {@code convergesOn} and all that comes after {@code eventually()},
 * which wait.
 *
 * <pre>{@code
 * assertThat(cluster).table("test").convergesOn("vm1", "vm2", "vm3");
 * assertThat(vm2).table("test").hasRows(row(1, "one"), row(2, null));
 * assertThat(vm2).rejects("INSERT INTO test VALUES (3, 'three')").withMessage("Cannot modify table.");
 * assertThat(vm2).subscription("test_sub").eventually().isSynced();
 * assertThat(vm1).slot("test_sub").isActive().eventually().lagsAtMost(0);
 * assertThat(vm2).subscription("test_sub").eventually().hasFailedWith(WorkerError.DUPLICATE_KEY);
 * assertThat(vm2).query("SELECT count(*) FROM test").eventually().hasValue(2);
 * assertThat(vm2).log().since(mark).doesNotContain("ERROR");
 * }</pre>
 */
@API(status = API.Status.MAINTAINED)
public final class MiniClusterAssertions {

    private MiniClusterAssertions() {}

    public static MiniClusterAssert assertThat(MiniCluster cluster) {
        return new MiniClusterAssert(cluster);
    }

    public static NodeAssert assertThat(Node node) {
        return new NodeAssert(node);
    }

    public static SessionAssert assertThat(Session session) {
        return new SessionAssert(session);
    }

    /** A row to compare with: each value is compared in PostgreSQL's text form, null is NULL. */
    public static Row row(@Nullable Object... values) {
        return Row.of(values);
    }
}
