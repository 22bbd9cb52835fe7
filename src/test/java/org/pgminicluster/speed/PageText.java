package org.pgminicluster.speed;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What the page tells, from bench.json. What was not measured is left out. */
final class PageText {

    static final String TITLE = "Performance";

    private static final List<String> KINDS = List.of("container", "process");
    private static final Map<String, String> WAYS = new LinkedHashMap<>();

    static {
        WAYS.put("plain", "Testcontainers, one after another");
        WAYS.put("parallel", "Testcontainers, in parallel");
        WAYS.put("tuned", "Testcontainers, best settings");
        WAYS.put("container", "ours, containers");
        WAYS.put("process", "ours, processes");
    }

    private final JsonNode figures;
    private final List<Block> blocks = new ArrayList<>();

    private PageText(JsonNode figures) {
        this.figures = figures;
    }

    static List<Block> of(JsonNode figures) {
        PageText page = new PageText(figures);
        page.begin();
        page.goals();
        page.scenario();
        page.isolation();
        page.waiting();
        page.blocks.addAll(GrowthText.of(figures));
        page.throughput();
        page.blocks.addAll(Fragment.resource("ideas.md"));
        page.end();
        return page.blocks;
    }

    private void begin() {
        heading(1, TITLE);
        text("Measured in one run on " + figures.path("measured").asText() + " on the machine below, and written by the"
                + " benchmark; do not edit it by hand. Times are medians. Other machines have other figures, but the"
                + " relations should hold.");
        List<List<String>> facts = new ArrayList<>();
        figures.path("machine")
                .properties()
                .forEach(
                        fact -> facts.add(List.of(fact.getKey(), fact.getValue().asText())));
        table(List.of("machine", ""), facts);
        List<String> notes = new ArrayList<>();
        figures.path("notes").forEach(note -> notes.add(note.asText()));
        if (!notes.isEmpty()) {
            blocks.add(new Block.Items(notes));
        }
    }

    private void goals() {
        List<List<String>> rows = new ArrayList<>();
        for (Goal goal : Goal.ALL) {
            JsonNode value = figures.at(goal.pointer());
            if (value.isNumber()) {
                rows.add(List.of(
                        goal.what(),
                        Figures.shown(value.asDouble()) + goal.unit(),
                        goal.limit(),
                        goal.isReached(value.asDouble()) ? "reached" : "**not reached**"));
            }
        }
        if (!rows.isEmpty()) {
            heading(2, "Goals");
            table(List.of("what", "measured", "goal", ""), rows);
        }
    }

    private void scenario() {
        JsonNode phases = figures.path("phases");
        if (phases.isEmpty()) {
            return;
        }
        heading(2, "One scenario, from nothing to converged and gone");
        text("The homework's three nodes: started, four subscriptions made and copied, a row written on vm1 and on vm2,"
                + " equal on all nodes, and everything taken away. The ways take turns, "
                + figures.path("rounds").asInt()
                + " times; ours runs " + figures.path("streak").asInt()
                + " scenarios without a pause in each turn, so that"
                + " nothing can be prepared while somebody else is measured. The plain ways are `PlainScenario` in"
                + " `src/test`; the best settings are `wal_retrieve_retry_interval`, data in memory, no fsync, and"
                + " everything in parallel.");
        List<List<String>> rows = new ArrayList<>();
        List<Block.Bar> bars = new ArrayList<>();
        WAYS.forEach((way, name) -> {
            JsonNode of = phases.path(way);
            if (!of.isMissingNode()) {
                rows.add(List.of(
                        name,
                        ms(of.path("start")),
                        ms(of.path("converge")),
                        ms(of.path("close")),
                        ms(total(way)),
                        shown(cpu(way))));
                bars.add(new Block.Bar(name, total(way).asDouble(), KINDS.contains(way)));
            }
        });
        table(List.of("way", "start and set up", "converge", "close", "total", "CPU-seconds"), rows);
        blocks.add(new Block.Bars("A scenario", "ms", bars));
        ratios();
    }

    private void ratios() {
        List<List<String>> rows = new ArrayList<>();
        for (String kind : KINDS) {
            JsonNode of = figures.path(kind);
            if (of.has("ourMillis")) {
                rows.add(List.of(
                        String.valueOf(WAYS.get(kind)),
                        times(of.path("ratio")),
                        times(of.path("parallelRatio")),
                        times(of.path("tunedRatio")),
                        ms(of.path("firstMillis")),
                        ms(of.path("streakMillis")),
                        shown(of.path("ownCpuSeconds"))));
            }
        }
        table(
                List.of(
                        "faster than",
                        "one after another",
                        "in parallel",
                        "best settings",
                        "the first of a streak",
                        "each of a streak, by the clock",
                        "CPU-seconds of the JVM and the processes it started"),
                rows);
    }

    private JsonNode total(String way) {
        return KINDS.contains(way)
                ? figures.path(way).path("ourMillis")
                : figures.at("/container/" + way + "Millis").isMissingNode()
                        ? figures.at("/process/" + way + "Millis")
                        : figures.at("/container/" + way + "Millis");
    }

    private JsonNode cpu(String way) {
        return KINDS.contains(way)
                ? figures.path(way).path("cpuSeconds")
                : figures.at("/container/" + way + "CpuSeconds").isMissingNode()
                        ? figures.at("/process/" + way + "CpuSeconds")
                        : figures.at("/container/" + way + "CpuSeconds");
    }

    private void isolation() {
        JsonNode isolation = figures.path("isolation");
        if (isolation.isEmpty()) {
            return;
        }
        heading(2, "What a test pays for what is its own");
        text("A test's start and end, without what it does itself.");
        List<List<String>> rows = new ArrayList<>();
        isolation.properties().forEach(kind -> {
            JsonNode of = kind.getValue();
            rows.add(List.of(
                    kind.getKey(),
                    ms(of.path("ownClusterMillis")),
                    ms(of.path("freshDatabasesMillis")),
                    ms(of.path("freshDatabasesP90Millis")),
                    ms(of.path("sharedOnceMillis"))));
        });
        table(
                List.of(
                        "servers",
                        "a cluster of its own",
                        "databases of its own on shared servers",
                        "of that, 90 % are below",
                        "once for all tests"),
                rows);
    }

    private void waiting() {
        JsonNode detect = figures.path("detect");
        if (detect.isEmpty()) {
            return;
        }
        heading(2, "Waiting");
        text("How long after the last copy has applied the row a wait returns, by the clock of the machine on which all"
                + " servers run. Just committed: the wait is called at once after the commit. Later: the row comes 5 to"
                + " 200 ms after the wait has begun. awaitReplicated waits for more than the row: until every"
                + " subscription has flushed what it applied and told its publisher so.");
        List<List<String>> rows = new ArrayList<>();
        detect.properties()
                .forEach(kind -> kind.getValue()
                        .properties()
                        .forEach(wait -> rows.add(List.of(
                                kind.getKey(),
                                wait.getKey(),
                                ms(wait.getValue().path("median")),
                                ms(wait.getValue().path("p90")),
                                wait.getValue().path("samples").asText()))));
        table(List.of("servers", "wait", "median", "90 % are below", "samples"), rows);
    }

    private void throughput() {
        JsonNode throughput = figures.path("throughput");
        if (throughput.isEmpty()) {
            return;
        }
        heading(2, "Throughput and lag");
        text(throughput.path("writer").asText()
                + " writes on vm1 and on vm2 at once, over two connections each, one row a"
                + " transaction. Every row is copied twice: vm1's to vm2 and vm3, vm2's to vm1 and vm3. Lag is from the"
                + " commit to when the row is applied on vm3. Alone, nobody subscribes; the settings are the same.");
        List<List<String>> rows = new ArrayList<>();
        KINDS.stream().filter(throughput::has).forEach(kind -> {
            JsonNode of = throughput.path(kind);
            rows.add(List.of(
                    kind,
                    shown(of.path("aloneRowsPerSecond")),
                    shown(of.path("committedRowsPerSecond")),
                    shown(of.path("appliedRowsPerSecond")),
                    ms(of.at("/atFullRate/lagP50Millis")) + ", " + ms(of.at("/atFullRate/lagP99Millis")),
                    shown(of.path("halfRateRowsPerSecond")),
                    ms(of.at("/atHalfRate/lagP50Millis")) + ", " + ms(of.at("/atHalfRate/lagP99Millis"))));
        });
        table(
                List.of(
                        "servers",
                        "rows/s alone",
                        "rows/s committed",
                        "rows/s applied on vm3",
                        "lag p50, p99",
                        "rows/s, held back",
                        "lag p50, p99, held back"),
                rows);
    }

    private void end() {
        heading(2, "Run it");
        text("On a machine that does nothing else. It takes about a quarter of an hour on two cores, runs no test, and"
                + " leaves `bench.json` and `bench.html` in `target/minicluster`:");
        blocks.add(new Block.Code(
                "mvn -q verify -Pbench\n" + "mvn -q verify -Pbench -Dbench.docs.write=true    # and this page"));
        text("`-Dbench.rounds=3` takes fewer turns, `-Dbench.kinds=process` one kind of server, and"
                + " `-Dbench.parts=scenario,detect` some of the parts: `scenario`, `isolation`, `detect`, `growth`,"
                + " `throughput`. `-Dbench.parts=quick` measures ours alone, for a look before and after a change; `page`"
                + " writes the pages anew from the last `bench.json`.");
    }

    private void heading(int level, String text) {
        blocks.add(new Block.Heading(level, text));
    }

    private void text(String text) {
        blocks.add(new Block.Text(text));
    }

    private void table(List<String> head, List<List<String>> rows) {
        blocks.add(new Block.Table(head, rows));
    }

    private static String shown(JsonNode value) {
        return value.isNumber() ? Figures.shown(value.asDouble()) : "not measured";
    }

    private static String ms(JsonNode value) {
        return value.isNumber() ? Figures.shown(value.asDouble()) + " ms" : "not measured";
    }

    private static String times(JsonNode value) {
        return value.isNumber() ? Figures.shown(value.asDouble()) + " times" : "not measured";
    }
}
