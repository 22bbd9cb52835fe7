package org.pgminicluster.lab.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.pgminicluster.EnvironmentException;
import org.pgminicluster.cluster.MiniCluster;
import org.pgminicluster.server.Address;
import org.pgminicluster.session.SqlFailedException;

/** Homeworks with one mistake each, in databases of their own, and that of the author. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Order(2)
class WrongHomeworkIT {

    private MiniCluster cluster;
    private int count;
    private final List<HandMade> learners = new ArrayList<>();

    @BeforeAll
    void start() {
        cluster = HandMade.servers(
                "check mistakes",
                Map.of("wal_level", "logical", "max_replication_slots", "40", "max_wal_senders", "40"));
    }

    @AfterAll
    void stop() {
        cluster.close();
    }

    private HandMade learner(String name) {
        HandMade learner = new HandMade(cluster, name);
        learners.add(learner);
        return learner;
    }

    /** Workers and slots are those of whole servers. */
    @AfterEach
    void drop() {
        learners.forEach(HandMade::drop);
        learners.clear();
    }

    /** @param mistake what its finding is called */
    private record Mistake(String mistake, Judgement verdict, Consumer<HandMade> made) {
        @Override
        public String toString() {
            return mistake;
        }
    }

    private static Mistake wrong(String mistake, Consumer<HandMade> made) {
        return new Mistake(mistake, Judgement.WRONG, made);
    }

    private static Mistake remark(String mistake, Consumer<HandMade> made) {
        return new Mistake(mistake, Judgement.REMARK, made);
    }

    static Stream<Mistake> mistakes() {
        return Stream.of(
                wrong("guard-always", it -> it.on("vm2", "ALTER TABLE test ENABLE ALWAYS TRIGGER guard")),
                wrong("guard-replica", it -> it.on("vm2", "ALTER TABLE test ENABLE REPLICA TRIGGER guard")),
                wrong("guard-disabled", it -> it.on("vm2", "ALTER TABLE test DISABLE TRIGGER guard")),
                wrong("guard-wrong-side", it -> it.guard("vm1", "test")),
                wrong(
                        "guard-lets",
                        it -> it.on(
                                "vm2",
                                "DROP TRIGGER guard ON test",
                                "CREATE TRIGGER guard BEFORE INSERT ON test FOR EACH STATEMENT EXECUTE PROCEDURE refuse()")),
                remark("guard-truncate", it -> it.on("vm2", "DROP TRIGGER guard_truncate ON test")),
                remark(
                        "guard-each-row",
                        it -> it.on(
                                "vm2",
                                "DROP TRIGGER guard ON test",
                                "CREATE TRIGGER guard BEFORE INSERT OR UPDATE OR DELETE ON test"
                                        + " FOR EACH ROW EXECUTE PROCEDURE refuse()")),
                wrong("subscription-disabled", it -> it.on("vm3", "ALTER SUBSCRIPTION m_three DISABLE")),
                wrong(
                        "forgot-refresh",
                        it -> it.onAll("CREATE TABLE more (id integer PRIMARY KEY)")
                                .on("vm2", "DROP PUBLICATION from_two", "CREATE PUBLICATION from_two FOR TABLE more")
                                .on("vm1", "ALTER SUBSCRIPTION m_one REFRESH PUBLICATION")
                                .on("vm2", "ALTER PUBLICATION from_two SET TABLE test2")),
                wrong(
                        "poison-table",
                        it -> it.on(
                                "vm2",
                                "CREATE TABLE more (id integer PRIMARY KEY)",
                                "ALTER PUBLICATION from_two ADD TABLE more")),
                wrong(
                        "copy-data-false",
                        it -> it.on("vm3", "DROP SUBSCRIPTION m_three", "TRUNCATE test")
                                .subscribe("vm3", "m_three", "vm1", "from_one", "WITH (copy_data = false)")),
                wrong(
                        "slot-missing",
                        it -> it.on(
                                        "vm3",
                                        "ALTER SUBSCRIPTION m_three DISABLE",
                                        "ALTER SUBSCRIPTION m_three SET (slot_name = NONE)")
                                .on("vm3", "ALTER SUBSCRIPTION m_three SET (slot_name = 'nowhere')")),
                wrong(
                        "slot-name-clash",
                        it -> it.on(
                                "vm3",
                                "ALTER SUBSCRIPTION m_three DISABLE",
                                "ALTER SUBSCRIPTION m_three SET (slot_name = m_two)")),
                wrong("loop", it -> it.on("vm1", "ALTER PUBLICATION from_one ADD TABLE test2")),
                wrong(
                        "publishes-some",
                        it -> it.on("vm1", "ALTER PUBLICATION from_one SET (publish = 'insert, delete')")),
                wrong(
                        "orphan-slot",
                        it -> it.on("vm1", "SELECT pg_create_logical_replication_slot('m_forgotten', 'pgoutput')")),
                wrong(
                        "rows-extra",
                        it -> it.on(
                                "vm2",
                                "SET session_replication_role = replica",
                                "INSERT INTO test VALUES (7, 'by hand')")),
                wrong("rows-missing", it -> it.on("vm2", "SET session_replication_role = replica", "DELETE FROM test")),
                wrong("no-replica-identity", it -> it.onAll("ALTER TABLE test DROP CONSTRAINT test_pkey")),
                wrong("columns-differ", it -> it.on("vm3", "ALTER TABLE test ADD mine integer")),
                wrong("wrong-schema", it -> it.on("vm3", "CREATE SCHEMA mine", "ALTER TABLE test SET SCHEMA mine")),
                wrong("publication-missing", it -> it.on("vm1", "ALTER PUBLICATION from_one RENAME TO other")),
                wrong(
                        "worker-fails",
                        it -> it.on(
                                        "vm2",
                                        "SET session_replication_role = replica",
                                        "INSERT INTO test VALUES (8, 'in the way')")
                                .on("vm1", "INSERT INTO test VALUES (8, 'meets it')")),
                wrong(
                        "subscribed-twice",
                        it -> it.subscribe("vm3", "m_again", "vm1", "from_one", "WITH (copy_data = false)")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("mistakes")
    void a_mistake_is_called_by_its_name(Mistake mistake) {
        HandMade homework = learner("m" + ++count);
        homework.finished();

        mistake.made().accept(homework);
        CheckResult result = homework.check(!mistake.mistake().startsWith("guard"));

        assertThat(HandMade.ids(result, mistake.verdict())).contains(mistake.mistake());
        assertThat(result.count(Judgement.WRONG) == 0).isEqualTo(mistake.verdict() == Judgement.REMARK);
    }

    /** Three clusters on one host, and the superuser's password in every connection string. */
    @Test
    void the_homework_as_its_author_typed_it_passes_with_remarks() {
        HandMade author = learner("author").createDatabases().createTables().writeRows();
        for (List<String> copy : List.of(List.of("vm2", "test"), List.of("vm1", "test2"))) {
            author.on(
                    copy.get(0),
                    "CREATE FUNCTION do_not_change() RETURNS trigger AS $$ BEGIN RAISE EXCEPTION 'Cannot modify table.';"
                            + " END; $$ LANGUAGE plpgsql",
                    "CREATE TRIGGER no_change_trigger BEFORE INSERT OR UPDATE OR DELETE ON " + copy.get(1)
                            + " FOR EACH ROW EXECUTE PROCEDURE do_not_change()");
        }
        author.publish("vm1", "test_pub", "test").publish("vm2", "test2_pub", "test2");
        author.subscribe("vm2", "test_sub", "vm1", "test_pub", "WITH (copy_data = true)");
        author.subscribe("vm1", "test2_sub", "vm2", "test2_pub", "WITH (copy_data = true)");
        assertThatThrownBy(() -> author.subscribe("vm3", "test_sub", "vm1", "test_pub"))
                .isInstanceOf(SqlFailedException.class)
                .hasMessageContaining("already exists");
        author.subscribe("vm3", "test_sub3", "vm1", "test_pub", "WITH (copy_data = true)");
        author.subscribe("vm3", "test2_sub3", "vm2", "test2_pub", "WITH (copy_data = true)");

        long start = System.nanoTime();
        CheckResult result = author.check();
        Duration took = Duration.ofNanos(System.nanoTime() - start);

        assertThat(HandMade.open(result)).isEmpty();
        assertThat(HandMade.ids(result, Judgement.REMARK))
                .containsOnly("guard-truncate", "guard-each-row", "password-of-superuser", "vm3-names");
        assertThat(HandMade.ids(result, Judgement.WRONG)).isEmpty();
        assertThat(took).isLessThan(Duration.ofSeconds(10));
    }

    @Test
    void who_did_all_of_it_twice_is_told() {
        HandMade twice = learner("twice");
        twice.finished();
        twice.publish("vm1", "from_one_again", "test");
        twice.subscribe("vm2", "m_again", "vm1", "from_one_again", "WITH (copy_data = false)");

        CheckResult result = twice.check(true);

        assertThat(HandMade.ids(result, Judgement.REMARK)).contains("published-twice");
        assertThat(HandMade.ids(result, Judgement.WRONG)).contains("subscribed-twice");
    }

    @Test
    void a_large_table_is_compared_at_its_ends() {
        HandMade large = learner("large").createDatabases().createTables();
        large.onAll("ALTER TABLE test2 DROP COLUMN name");
        for (String node : HandMade.NODES) {
            large.on(node, "INSERT INTO test SELECT i, repeat('x', 50) FROM generate_series(1, 200000) i");
        }
        large.on("vm2", "INSERT INTO test2 VALUES (1)");
        large.guard("vm2", "test").guard("vm1", "test2");
        large.publish("vm1", "from_one", "test").publish("vm2", "from_two", "test2");
        large.subscribe("vm2", "m_two", "vm1", "from_one", "WITH (copy_data = false)");
        large.subscribe("vm1", "m_one", "vm2", "from_two");
        large.subscribe("vm3", "m_three", "vm1", "from_one", "WITH (copy_data = false)");
        large.subscribe("vm3", "m_four", "vm2", "from_two");

        CheckResult result = large.check();

        assertThat(HandMade.open(result)).isEmpty();
        assertThat(HandMade.ids(result, Judgement.DONE)).contains("before-ends", "before-done");
    }

    /** What a managed service gives its customers. */
    @Test
    void what_a_missing_right_hides_is_named() {
        HandMade homework = learner("rights");
        homework.finished();
        for (String node : HandMade.NODES) {
            homework.on(node, "DROP ROLE IF EXISTS customer", "CREATE ROLE customer LOGIN PASSWORD 'small'");
        }

        CheckResult result = new HomeworkCheck(false, node -> Optional.of("small"))
                .run(HandMade.NODES.stream()
                        .map(node -> homework.node(node, "customer", "small"))
                        .toList());

        assertThat(HandMade.ids(result, Judgement.REMARK)).contains("right-superuser", "right-monitor");
        assertThat(HandMade.ids(result, Judgement.UNTOLD)).contains("guard-untold");
        assertThat(HandMade.verdicts(result))
                .containsEntry("subscription(vm2, vm1)", "done")
                .containsEntry("collector(vm3)", "done");
        HandMade.NODES.forEach(node -> homework.on(node, "DROP ROLE customer"));
    }

    @Test
    void what_cannot_be_told_is_one_sentence() {
        HandMade homework = learner("sentence").createDatabases();
        List<CheckedNode> nodes = HandMade.NODES.stream().map(homework::node).toList();

        assertThat(failure(nodes.get(0), renamed("vm2", nodes.get(0)), nodes.get(2)))
                .startsWith("expected each node to be a server of its own, but vm1, vm2 are the same one (port ");
        assertThat(failure(nodes.get(0), nodes.get(1), at("vm3", nodes.get(2), 1)))
                .startsWith("expected vm3 at " + nodes.get(2).address().host() + ":1 to be reachable, but was not (")
                .endsWith("); look whether the server runs, listens at that address and lets this machine in");
        assertThat(failure(nodes.get(0), nodes.get(1), homework.node("vm3", "nobody", "secret-of-nobody")))
                .startsWith("expected vm3 at ")
                .contains("to let the role nobody in, but was refused (password authentication failed for user")
                .endsWith("give the password by PGPASSFILE, ~/.pgpass, PGPASSWORD or at the prompt of a terminal")
                .doesNotContain("secret");
    }

    private static CheckedNode renamed(String name, CheckedNode node) {
        return new CheckedNode(
                name, node.address(), node.user(), node.database(), true, node.password(), node.parameters());
    }

    private static CheckedNode at(String name, CheckedNode node, int port) {
        return new CheckedNode(
                name,
                new Address(node.address().host(), port),
                node.user(),
                node.database(),
                true,
                node.password(),
                node.parameters());
    }

    private static String failure(CheckedNode... nodes) {
        List<String> messages = new ArrayList<>();
        assertThatThrownBy(() -> new HomeworkCheck(false, node -> Optional.empty()).run(List.of(nodes)))
                .isInstanceOfSatisfying(EnvironmentException.class, e -> messages.add(String.valueOf(e.getMessage())));
        return messages.get(0);
    }
}
