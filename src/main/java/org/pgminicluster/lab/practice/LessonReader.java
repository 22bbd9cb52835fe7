package org.pgminicluster.lab.practice;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.pgminicluster.MiniClusterException;
import org.pgminicluster.lab.lesson.Language;

/** Reads a lesson from JSON, whole or not at all. */
public final class LessonReader {

    private static final ObjectMapper JSON = new ObjectMapper()
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private static final Duration WAIT = Duration.ofSeconds(30);
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(300);
    private static final Duration ARRIVAL = Duration.ofSeconds(2);
    private static final Duration LONGEST_ARRIVAL = Duration.ofSeconds(30);
    private static final Pattern PLACE =
            Pattern.compile("\\{([a-z][a-z0-9-]*)\\.(?:host|port|to\\.([a-z][a-z0-9-]*))}");
    private static final String DATABASE = "rep";

    /** What a start state may be made with, beside SQL. */
    private static final List<String> COMMANDS = List.of("fault", "restart", "basebackup");

    private final String name;
    private final String file;
    private final List<String> problems = new ArrayList<>();

    private LessonReader(String name, String file) {
        this.name = name;
        this.file = file;
    }

    /**
     * The lesson that a text is.
     *
     * @param name as it is typed
     * @param file what errors call it
     * @throws MiniClusterException with a sentence for each mistake, on lines of their own
     */
    public static PracticeLesson read(String name, String file, String text) {
        LessonReader reader = new LessonReader(name, file);
        PracticeLesson lesson = reader.lesson(new LessonFields(tree(file, text), "", file, reader.problems));
        if (!reader.problems.isEmpty()) {
            throw new MiniClusterException(String.join("\n", reader.problems));
        }
        return lesson;
    }

    private static JsonNode tree(String file, String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            JsonLocation at = e.getLocation();
            throw new MiniClusterException(
                    "expected " + file + " to be JSON, but was not"
                            + (at == null ? "" : " in line " + at.getLineNr() + ", column " + at.getColumnNr()) + " ("
                            + e.getOriginalMessage().lines().findFirst().orElse("") + "); see docs/lessons.md",
                    e);
        }
    }

    private PracticeLesson lesson(LessonFields fields) {
        LessonText title = fields.said("title");
        List<LessonText> task = fields.paragraphs("task");
        PracticeLesson.Cluster cluster = cluster(fields);
        List<LessonNode> nodes = nodes(fields, cluster);
        List<String> names = nodes.stream().map(LessonNode::name).toList();
        String database = fields.maybeText("database").orElse(DATABASE);
        int since = fields.major("since");
        List<String> mayBeDown = fields.names("mayBeDown");
        mayBeDown.forEach(node -> known(fields, "mayBeDown", node, names));
        List<StartStep> start = fields.maybeObjects("start", step -> step(step, names));
        List<LessonPoint> points = new ArrayList<>();
        fields.objects("points", point -> points.add(point(point, names, points)));
        if (points.isEmpty()) {
            fields.problem("points", "have a point at least", "has none", "a lesson without one cannot be judged");
        }
        fields.end();
        findingsOnce(fields, points);
        return new PracticeLesson(name, title, task, cluster, nodes, database, since, mayBeDown, start, points);
    }

    /** Each finding has texts of its own, by its name. */
    private static void findingsOnce(LessonFields fields, List<LessonPoint> points) {
        Set<String> ids = new HashSet<>();
        for (LessonPoint point : points) {
            Stream.concat(
                            Stream.of(LessonTexts.done(point), LessonTexts.open(point)),
                            point.wrong().stream().map(WrongWay::id))
                    .filter(id -> !ids.add(id))
                    .forEach(id -> fields.problem(
                            "points",
                            "have findings of different names",
                            "has \"" + id + "\" twice",
                            "give one another id"));
        }
    }

    private static PracticeLesson.Cluster cluster(LessonFields fields) {
        Optional<String> said = fields.maybeText("cluster");
        boolean ownNodes = fields.has("nodes");
        if (said.isPresent() == ownNodes) {
            fields.problem(
                    "",
                    "have either cluster or nodes",
                    ownNodes ? "has both" : "has neither",
                    "say \"cluster\": \"homework\" or name the nodes");
        }
        return switch (said.orElse("nodes")) {
            case "homework" -> PracticeLesson.Cluster.HOMEWORK;
            case "standby" -> PracticeLesson.Cluster.STANDBY;
            case "nodes" -> PracticeLesson.Cluster.NODES;
            default -> {
                fields.problem(
                        "cluster", "be homework or standby", "was \"" + said.orElse("") + "\"", "choose one of them");
                yield PracticeLesson.Cluster.HOMEWORK;
            }
        };
    }

    private static List<LessonNode> nodes(LessonFields fields, PracticeLesson.Cluster cluster) {
        if (cluster != PracticeLesson.Cluster.NODES) {
            return Stream.of("vm1", "vm2", "vm3", "vm4")
                    .limit(cluster == PracticeLesson.Cluster.STANDBY ? 4 : 3)
                    .map(LessonNode::plain)
                    .toList();
        }
        if (!fields.has("nodes")) {
            return List.of();
        }
        List<String> names = fields.keys("nodes");
        if (names.isEmpty()) {
            fields.problem("nodes", "name a node at least", "names none", "write {\"vm1\": {}}");
        }
        return fields.object(
                "nodes",
                all -> names.stream()
                        .map(name -> all.object(name, node -> node(name, node, names)))
                        .toList());
    }

    private static LessonNode node(String name, LessonFields fields, List<String> names) {
        if (!name.matches("[a-z][a-z0-9-]{0,30}")) {
            fields.problem(
                    "nodes",
                    "have names of small letters, digits and hyphens",
                    "has \"" + name + "\"",
                    "name it like vm1");
        }
        Optional<String> postgres = fields.maybeText("postgres");
        postgres.filter(major -> !major.equals(LessonNode.NEWER) && !major.matches("[1-9][0-9]"))
                .ifPresent(major -> fields.problem(
                        fields.at("postgres"),
                        "be a major or \"" + LessonNode.NEWER + "\"",
                        "was \"" + major + "\"",
                        "write \"16\", or leave it out"));
        Map<String, String> settings = new LinkedHashMap<>();
        if (fields.has("settings")) {
            List<String> keys = fields.keys("settings");
            fields.object("settings", all -> {
                keys.forEach(key -> settings.put(key, all.text(key)));
                return settings;
            });
        }
        List<String> follows = fields.names("follows");
        follows.forEach(other -> known(fields, fields.at("follows"), other, names));
        Optional<String> standbyOf = fields.maybeText("standbyOf");
        standbyOf.ifPresent(other -> known(fields, fields.at("standbyOf"), other, names));
        return new LessonNode(name, postgres, settings, follows, standbyOf);
    }

    private static StartStep step(LessonFields fields, List<String> names) {
        if (fields.has("command")) {
            List<String> words = List.of(fields.text("command").strip().split("\\s+"));
            if (!COMMANDS.contains(words.get(0))) {
                fields.problem(
                        fields.at("command"),
                        "begin with " + String.join(", ", COMMANDS.subList(0, 2)) + " or " + COMMANDS.get(2),
                        "was \"" + String.join(" ", words) + "\"",
                        "write it as it is typed after minicluster");
            }
            return new StartStep.Command(words);
        }
        String node = node(fields, "on", names);
        if (fields.has("until")) {
            return new StartStep.Until(node, fields.query("until"), fields.seconds("within", WAIT, LONGEST_WAIT));
        }
        List<String> statements = fields.statements("sql");
        statements.forEach(statement -> knownPlaces(fields, statement, names));
        return new StartStep.Sql(node, statements);
    }

    private static void knownPlaces(LessonFields fields, String statement, List<String> names) {
        Matcher place = PLACE.matcher(statement);
        while (place.find()) {
            known(fields, fields.at("sql"), place.group(1), names);
            if (place.group(2) != null) {
                known(fields, fields.at("sql"), place.group(2), names);
            }
        }
    }

    private static LessonPoint point(LessonFields fields, List<String> names, List<LessonPoint> before) {
        String id = fields.text("id");
        if (!id.matches("[a-z0-9]+(-[a-z0-9]+)*")) {
            fields.problem(
                    fields.at("id"),
                    "be small letters, digits and hyphens",
                    "was \"" + id + "\"",
                    "write it like rows-copied");
        }
        List<String> earlier = before.stream().map(LessonPoint::id).toList();
        if (earlier.contains(id)) {
            fields.problem(fields.at("id"), "be the only one of its name", "was there before", "rename it");
        }
        List<String> after = fields.names("after");
        after.forEach(other -> earlier(fields, fields.at("after"), other, earlier));
        PointTest test = test(fields, names);
        Optional<String> seen = fields.has("seen") ? Optional.of(fields.query("seen")) : Optional.empty();
        requireValues(fields, test, seen.isPresent());
        return new LessonPoint(
                id,
                fields.said("title"),
                fields.said("why"),
                after,
                test,
                seen,
                fields.said("done"),
                test instanceof PointTest.Same ? fields.maybeSaid("notYet") : Optional.of(fields.said("notYet")),
                fields.said("hint"),
                fields.said("answer"),
                wrongs(fields, id, names, earlier));
    }

    private static List<WrongWay> wrongs(LessonFields fields, String point, List<String> names, List<String> earlier) {
        List<WrongWay> all = new ArrayList<>();
        fields.maybeObjects("wrong", wrong -> {
            String usual = point + "-wrong" + (all.isEmpty() ? "" : "-" + (all.size() + 1));
            return all.add(wrong(wrong, usual, names, earlier));
        });
        return all;
    }

    /** A text that has places needs something to put there. */
    private static void requireValues(LessonFields fields, PointTest test, boolean seen) {
        if (seen || test instanceof PointTest.Same) {
            return;
        }
        for (String field : List.of("done", "notYet")) {
            LessonText said = fields.said(field);
            if (Stream.of(Language.values())
                    .anyMatch(language -> said.in(language).contains("{0}"))) {
                fields.problem(
                        fields.at(field),
                        "have no {0} without seen",
                        "has one",
                        "add seen, a query that says what is there");
            }
        }
    }

    private static PointTest test(LessonFields fields, List<String> names) {
        long kinds = Stream.of("holds", "same", "arrives").filter(fields::has).count();
        if (kinds != 1) {
            fields.problem(
                    fields.at("").replaceFirst("\\.$", ""),
                    "have one of holds, same, arrives",
                    kinds == 0 ? "has none" : "has " + kinds,
                    "say how it is found out whether the point is done");
        }
        if (fields.has("same")) {
            List<String> nodes = fields.names("on");
            nodes.forEach(node -> known(fields, fields.at("on"), node, names));
            if (nodes.size() < 2) {
                fields.problem(
                        fields.at("on"),
                        "list two nodes at least",
                        "lists " + nodes.size(),
                        "write [\"vm1\", \"vm3\"]");
            }
            return new PointTest.Same(nodes.isEmpty() ? List.of("vm1") : nodes, fields.query("same"));
        }
        if (fields.has("arrives")) {
            return fields.object(
                    "arrives",
                    it -> new PointTest.Arrives(
                            node(it, "from", names),
                            marked(it, "write", it.statement("write")),
                            marked(it, "takeBack", it.statement("takeBack")),
                            node(it, "to", names),
                            marked(it, "query", it.query("query")),
                            it.seconds("within", ARRIVAL, LONGEST_ARRIVAL)));
        }
        return new PointTest.Holds(node(fields, "on", names), kinds == 0 ? "SELECT false" : fields.query("holds"));
    }

    private static WrongWay wrong(LessonFields fields, String usual, List<String> names, List<String> earlier) {
        boolean byPoint = fields.has("whenDone");
        if (byPoint == fields.has("query")) {
            fields.problem(
                    fields.at("").replaceFirst("\\.$", ""),
                    "have either query or whenDone",
                    byPoint ? "has both" : "has neither",
                    "say how the mistake is seen");
        }
        if (byPoint) {
            earlier(fields, fields.at("whenDone"), fields.text("whenDone"), earlier);
        }
        boolean byQuery = fields.has("query");
        return new WrongWay(
                fields.maybeText("id").orElse(usual),
                byQuery ? node(fields, "on", names) : null,
                byQuery ? fields.query("query") : null,
                byPoint ? fields.text("whenDone") : null,
                fields.said("says"),
                fields.maybeSaid("hint"),
                fields.maybeSaid("answer"));
    }

    private static String marked(LessonFields fields, String field, String statement) {
        if (!statement.isEmpty() && !statement.contains(PointTest.Arrives.MARKER)) {
            fields.problem(
                    fields.at(field),
                    "have " + PointTest.Arrives.MARKER + ", the number of the row",
                    "has none",
                    "so that no other row is taken for it");
        }
        return statement;
    }

    private static String node(LessonFields fields, String field, List<String> names) {
        String node = fields.text(field);
        if (!node.isEmpty()) {
            known(fields, fields.at(field), node, names);
        }
        return node;
    }

    private static void known(LessonFields fields, String at, String node, List<String> names) {
        if (!names.contains(node)) {
            fields.problem(
                    at, "be a node of the lesson", "was \"" + node + "\"", "known are " + String.join(", ", names));
        }
    }

    private static void earlier(LessonFields fields, String at, String point, List<String> earlier) {
        if (!earlier.contains(point)) {
            fields.problem(
                    at,
                    "be a point that comes before",
                    "was \"" + point + "\"",
                    earlier.isEmpty() ? "none does" : "those are " + String.join(", ", earlier));
        }
    }
}
