package org.pgminicluster.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every lesson is solved by typing its answers, and a wrong way is told as one. */
@Order(2)
class LessonsIT {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Pattern SQL = Pattern.compile("(vm\\d): (.*)");
    private static final String COMMAND = "$ minicluster ";

    @TempDir
    Path directory;

    private Cli minicluster;

    @BeforeEach
    void commandLine() {
        minicluster = new Cli(directory);
    }

    @AfterEach
    void down() {
        minicluster.run("down");
    }

    private Cli.Result ok(String... args) {
        Cli.Result result = minicluster.run(args);
        assertThat(result.exit()).as("%s: %s", Arrays.toString(args), result).isZero();
        return result;
    }

    private void practice(String lesson) {
        Cli.Result practice = new Launcher(directory).practice("--lesson", lesson);
        assertThat(practice.exit()).as("%s", practice).isZero();
    }

    private List<JsonNode> check() {
        try {
            List<JsonNode> points = new ArrayList<>();
            JsonNode said =
                    Printer.JSON.readTree(minicluster.run("check", "--json").out());
            said.get("points").forEach(points::add);
            return points;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private Map<String, String> verdicts() {
        Map<String, String> verdicts = new LinkedHashMap<>();
        check().forEach(point ->
                verdicts.put(point.get("id").asText(), point.get("verdict").asText()));
        return verdicts;
    }

    private JsonNode point(String id) {
        return check().stream()
                .filter(point -> point.get("id").asText().equals(id))
                .findFirst()
                .orElseThrow();
    }

    private void type(String lines) {
        for (String line : lines.split("\n")) {
            Matcher sql = SQL.matcher(line);
            if (sql.matches()) {
                ok("sql", sql.group(1), "-c", sql.group(2));
            } else {
                assertThat(line).startsWith(COMMAND);
                ok(line.substring(COMMAND.length()).split(" "));
            }
        }
    }

    private void awaitDone(String point) {
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(verdicts()).containsEntry(point, "done"));
    }

    private void assertWrong(String point, String finding) {
        JsonNode found = point(point);
        assertThat(found.get("verdict").asText()).as("%s", found).isEqualTo("wrong");
        assertThat(found.get("findings").get(0).get("id").asText()).isEqualTo(finding);
        assertThat(found.get("findings").get(0).get("seen").asText()).doesNotContain("{");
    }

    /** Types the answer that the check gives to this point now. */
    private void typeAnswer(String point) {
        type(point(point).get("findings").get(0).get("answer").asText());
    }

    /** Types the answers of these points, one after the other; all others come to be done by themselves. */
    private void solve(List<String> toType) {
        for (String point : verdicts().keySet()) {
            if (toType.contains(point)) {
                assertThat(verdicts()).doesNotContainEntry(point, "done");
                typeAnswer(point);
            }
            awaitDone(point);
        }
        Cli.Result check = ok("check");
        assertThat(check.out()).contains("done").doesNotContain("{");
    }

    @ParameterizedTest
    @CsvSource({
        "stuck, source, flows",
        "slot, needed, orphan goes-on bound",
        "lost-rows, source, orders price-rows test-rows",
        "failover, '', promoted old-primary",
        "upgrade, '', schema rows writers sequences subscription opened"
    })
    void a_lesson_is_done_when_its_answers_are_typed(String lesson, String atFirst, String toType) {
        practice(lesson);

        assertThat(verdicts().entrySet().stream()
                        .filter(point -> point.getValue().equals("done"))
                        .map(Map.Entry::getKey))
                .containsExactly(atFirst.isEmpty() ? new String[0] : atFirst.split(" "));
        solve(List.of(toType.split(" ")));
    }

    @Test
    void a_transaction_that_was_skipped_is_missed() {
        practice("stuck");
        type("vm3: ALTER SUBSCRIPTION vm3_test_sub DISABLE");
        assertWrong("flows", "flows-wrong");
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(minicluster
                                .run(
                                        "sql",
                                        "vm3",
                                        "-c",
                                        "SELECT pg_replication_origin_advance('pg_' || oid, '" + currentLsn()
                                                + "') FROM pg_subscription WHERE subname = 'vm3_test_sub'")
                                .exit())
                        .isZero());
        type("vm3: ALTER SUBSCRIPTION vm3_test_sub ENABLE");

        awaitDone("flows");
        assertWrong("rows", "skip-loses-innocent");
        typeAnswer("rows");
        awaitDone("rows");
    }

    private String currentLsn() {
        return ok("sql", "vm1", "-c", "SELECT pg_current_wal_lsn()")
                .out()
                .lines()
                .map(String::strip)
                .filter(line -> line.matches("[0-9A-F]+/[0-9A-F]+"))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void the_slot_of_somebody_who_comes_back_is_not_to_be_dropped() {
        practice("slot");
        type("vm1: SELECT pg_drop_replication_slot('test_sub')");
        assertWrong("needed", "needed-wrong");
        type("vm1: ALTER SYSTEM SET max_slot_wal_keep_size = '256MB'");
        assertWrong("bound", "bound-wrong");

        solve(List.of("needed", "orphan", "bound"));
    }

    @Test
    void rows_that_somebody_typed_are_no_replication() {
        practice("lost-rows");
        type("vm3: INSERT INTO orders VALUES (1, 'chair'), (2, 'table'), (3, 'lamp')");
        assertWrong("orders", "orders-by-hand");
        type("vm3: ALTER SUBSCRIPTION shop_sub REFRESH PUBLICATION");
        await().atMost(PATIENCE).untilAsserted(() -> assertWrong("orders", "copy-into-nonempty"));
        typeAnswer("orders");
        awaitDone("orders-rows");
    }

    @Test
    void an_old_primary_that_is_started_takes_the_rows_of_the_new_one() {
        practice("failover");
        type("$ minicluster fault failover vm3 vm4\n$ minicluster fault start vm3");

        await().atMost(PATIENCE).untilAsserted(() -> assertWrong("old-primary", "old-primary-returns"));
        typeAnswer("old-primary");
        awaitDone("old-primary");
    }

    @Test
    void who_leaves_the_old_server_too_early_loses_rows() {
        practice("upgrade");
        typeAnswer("schema");
        awaitDone("schema");
        typeAnswer("rows");
        awaitDone("rows");
        type("vm2: DROP SUBSCRIPTION move_sub\nvm1: INSERT INTO item (name) VALUES ('late')");
        assertWrong("rows", "left-too-early");
        typeAnswer("rows");
        awaitDone("rows");
        typeAnswer("writers");
        awaitDone("writers");
        type("vm2: SELECT setval('item_id_seq', 1180)\nvm2: DELETE FROM item WHERE id > 1180");
        assertThat(verdicts()).containsEntry("rows", "not-yet");
    }

    @Test
    void a_lesson_of_ones_own_is_made_ready_and_judged_as_docs_say() throws IOException {
        Path file = directory.resolve("hello.json");
        Files.writeString(file, LessonsDoc.example());
        assertThat(ok("practice", "--validate", file.toString()).out()).contains("is a lesson: ");
        practice(file.toString());
        Files.delete(file);

        assertThat(verdicts()).doesNotContainValue("done");
        solve(List.of("deletes", "rows"));
        assertThat(minicluster
                        .run("practice", "--servers", Launcher.kind(), "--lesson", "stuck")
                        .exit())
                .isEqualTo(Exit.INCONCLUSIVE);
    }

    @Test
    void a_start_state_that_cannot_be_made_leaves_nothing() throws IOException {
        Path file = directory.resolve("hello.json");
        Files.writeString(file, LessonsDoc.example().replace("DELETE FROM note", "DELETE FROM nowhere"));

        Cli.Result practice = new Launcher(directory).practice("--lesson", file.toString());

        assertThat(practice.exit()).as("%s", practice).isEqualTo(Exit.FAILED);
        assertThat(practice.err())
                .contains(
                        "expected start[3] of the lesson hello.json to work, but vm1 refused it (relation \"nowhere\" does"
                                + " not exist); put it right in the lesson");
        assertThat(minicluster.run("check").err()).contains("expected a cluster to be up, but was none");
    }

    @Test
    void somebody_elses_servers_are_judged_by_their_addresses() throws IOException {
        practice("stuck");
        List<String> args = new ArrayList<>(List.of("check", "--json", "--lesson", "stuck", "--read-only"));
        for (JsonNode node :
                Printer.JSON.readTree(minicluster.run("status", "--json").out()).get("nodes")) {
            args.add("--node");
            args.add(node.get("name").asText() + "=postgresql://postgres@"
                    + node.get("address").asText() + "/rep?sslmode=disable");
        }
        Cli.Result check = new Launcher(directory)
                .with("PGPASSFILE", minicluster.directory().passfile().toString())
                .run(args.toArray(String[]::new));

        assertThat(check.exit()).as("%s", check).isEqualTo(Exit.FAILED);
        JsonNode said = Printer.JSON.readTree(check.out());
        assertThat(said.get("readOnly").asBoolean()).isTrue();
        assertThat(said.get("points").findValuesAsText("verdict"))
                .containsExactly("done", "done", "untold", "untold", "not-yet", "not-yet");
        assertThat(ok("sql", "vm1", "-c", "SELECT 'rows', count(*) FROM test").out())
                .containsPattern("rows +\\| +6");
    }
}
