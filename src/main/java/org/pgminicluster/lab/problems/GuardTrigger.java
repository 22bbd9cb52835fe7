package org.pgminicluster.lab.problems;

import org.pgminicluster.cluster.Node;
import org.pgminicluster.cluster.SqlFailedException;
import org.pgminicluster.journal.Row;
import org.pgminicluster.lab.lesson.Lesson;
import org.pgminicluster.lab.lesson.Problem;
import org.pgminicluster.lab.lesson.Wording;
import org.pgminicluster.script.GuardSql;
import org.pgminicluster.server.ServerLog;
import org.pgminicluster.topology.Topology;

/** A guard that lets too much through, and one that lets too little. */
final class GuardTrigger implements Problem {

    private static final String GUARD = GuardSql.function("public")
            + ";\nCREATE TRIGGER guard BEFORE INSERT OR UPDATE OR DELETE ON test"
            + " FOR EACH ROW EXECUTE FUNCTION refuse_write();";

    @Override
    public String id() {
        return "guard-trigger";
    }

    @Override
    public String page() {
        return "sql-createtrigger";
    }

    @Override
    public Topology topology() {
        return Topology.named("a copy with the first guard that comes to mind")
                .schema(Stages.TEST)
                .node("vm1", vm1 -> vm1.publishes("test_pub", "test"))
                .node("vm2", vm2 -> vm2.schema(GUARD).subscribes("test_sub", "vm1", "test_pub"))
                .build();
    }

    @Override
    public void tell(Lesson lesson) {
        Node vm1 = lesson.node("vm1"), vm2 = lesson.node("vm2");

        vm1.execute("INSERT INTO test VALUES (1, 'one')");
        lesson.awaitTable(vm2, "test", Row.of(1, "one"));
        lesson.refused(vm2, "DELETE FROM test", Wording.of(GuardSql.MESSAGE));
        vm2.execute("TRUNCATE test");
        lesson.holds(vm2, "test");
        vm2.execute("ALTER TABLE test ENABLE ALWAYS TRIGGER guard");
        ServerLog.Mark mark = vm2.log().mark();
        vm1.execute("INSERT INTO test VALUES (2, 'two')");
        lesson.logged(vm2, mark, Wording.of("ERROR:  " + GuardSql.MESSAGE));

        lesson.cure();
        vm2.execute("ALTER TABLE test ENABLE TRIGGER guard");
        Stages.seedAgain("test_sub", vm2, vm1);
        vm2.execute(
                "CREATE TRIGGER guard_truncate BEFORE TRUNCATE ON test FOR EACH STATEMENT EXECUTE FUNCTION refuse_write()");
        lesson.proof(vm2, "test", Row.of(1, "one"), Row.of(2, "two"));
        lesson.check(
                "TRUNCATE",
                GuardSql.MESSAGE,
                vm2.attempt("TRUNCATE test")
                        .map(SqlFailedException::serverMessage)
                        .orElse(""));
    }
}
