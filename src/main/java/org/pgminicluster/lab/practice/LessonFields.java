package org.pgminicluster.lab.practice;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.pgminicluster.lab.lesson.Language;
import org.pgminicluster.script.Statements;

/**
 * The fields of one object of a lesson's file. What is not as it should be is noted in a sentence, and reading goes on with
 * something in its place, so that a teacher sees all mistakes at once.
 */
final class LessonFields {

    /** What only looks; the transaction around it is read-only besides. */
    private static final Set<String> LOOKING = Set.of("SELECT", "WITH", "VALUES", "TABLE", "SHOW");

    /** Logical replication came with it. */
    private static final int OLDEST = 10;

    private static final int LONGEST_SHOWN = 60;

    private final JsonNode node;
    private final String place;
    private final String file;
    private final List<String> problems;
    private final Set<String> known = new LinkedHashSet<>();

    LessonFields(JsonNode node, String place, String file, List<String> problems) {
        this.node = node;
        this.place = place;
        this.file = file;
        this.problems = problems;
        if (!node.isObject()) {
            problem(place, "be an object", "was " + shown(node), "write { ... }");
        }
    }

    /** @param expected such as {@code be a text} */
    void problem(String at, String expected, String but, String advice) {
        String where = at.isEmpty() ? file : at + " of " + file;
        problems.add("expected " + where + " to " + expected + ", but " + but + "; " + advice);
    }

    String at(String field) {
        return place.isEmpty() ? field : place + "." + field;
    }

    boolean has(String field) {
        known.add(field);
        return node.has(field);
    }

    private JsonNode get(String field) {
        known.add(field);
        JsonNode value = node.get(field);
        return value == null ? MissingNode.getInstance() : value;
    }

    /** A text on one line or, as a list, on several; empty, and noted, if there is none. */
    String text(String field) {
        return lines(get(field), at(field));
    }

    Optional<String> maybeText(String field) {
        return has(field) ? Optional.of(text(field)) : Optional.empty();
    }

    private String lines(JsonNode value, String at) {
        if (value.isTextual() && !value.textValue().isBlank()) {
            return value.textValue();
        }
        if (value.isArray() && !value.isEmpty()) {
            List<String> lines = new ArrayList<>();
            value.forEach(line -> {
                if (line.isTextual()) {
                    lines.add(line.textValue());
                } else {
                    problem(at + "[" + lines.size() + "]", "be a text", "was " + shown(line), "write it in quotes");
                    lines.add("");
                }
            });
            return String.join("\n", lines);
        }
        problem(at, "be a text or a list of lines", "was " + shown(value), "write it in quotes");
        return "";
    }

    /** What is said to people: one text for all, or one for each language. */
    LessonText said(String field) {
        return said(get(field), at(field));
    }

    Optional<LessonText> maybeSaid(String field) {
        return has(field) ? Optional.of(said(field)) : Optional.empty();
    }

    private LessonText said(JsonNode value, String at) {
        if (!value.isObject()) {
            return LessonText.everywhere(lines(value, at));
        }
        Map<Language, String> said = new EnumMap<>(Language.class);
        LessonFields languages = new LessonFields(value, at, file, problems);
        for (Language language : Language.values()) {
            languages.maybeText(language.code()).ifPresent(text -> said.put(language, text));
        }
        languages.end();
        if (said.isEmpty()) {
            problem(at, "have a text in one language at least", "has none", "write {\"en\": \"...\", \"ru\": \"...\"}");
            return LessonText.everywhere("");
        }
        return new LessonText(said);
    }

    /** Each item is a text or one for each language. */
    List<LessonText> paragraphs(String field) {
        List<LessonText> all = new ArrayList<>();
        List<JsonNode> items = items(field);
        for (int i = 0; i < items.size(); i++) {
            all.add(said(items.get(i), at(field) + "[" + i + "]"));
        }
        return all;
    }

    private List<JsonNode> items(String field) {
        JsonNode value = get(field);
        List<JsonNode> items = new ArrayList<>();
        if (value.isArray()) {
            value.forEach(items::add);
        } else {
            problem(at(field), "be a list", "was " + shown(value), "write [ ... ]");
        }
        return items;
    }

    List<String> names(String field) {
        return has(field)
                ? items(field).stream().map(item -> lines(item, at(field))).toList()
                : List.of();
    }

    <T> List<T> objects(String field, Function<LessonFields, T> read) {
        List<T> all = new ArrayList<>();
        List<JsonNode> items = items(field);
        for (int i = 0; i < items.size(); i++) {
            all.add(object(items.get(i), at(field) + "[" + i + "]", read));
        }
        return all;
    }

    <T> List<T> maybeObjects(String field, Function<LessonFields, T> read) {
        return has(field) ? objects(field, read) : List.of();
    }

    <T> T object(String field, Function<LessonFields, T> read) {
        return object(get(field), at(field), read);
    }

    private <T> T object(JsonNode value, String at, Function<LessonFields, T> read) {
        LessonFields fields = new LessonFields(value, at, file, problems);
        T object = read.apply(fields);
        fields.end();
        return object;
    }

    /** The names of the fields of an object that is a map. */
    List<String> keys(String field) {
        JsonNode value = get(field);
        List<String> keys = new ArrayList<>();
        value.fieldNames().forEachRemaining(keys::add);
        return keys;
    }

    List<String> keys() {
        List<String> keys = new ArrayList<>();
        node.fieldNames().forEachRemaining(keys::add);
        return keys;
    }

    Duration seconds(String field, Duration usual, Duration most) {
        if (!has(field)) {
            return usual;
        }
        JsonNode value = get(field);
        if (!value.isNumber() || value.doubleValue() <= 0 || value.doubleValue() > most.toSeconds()) {
            problem(
                    at(field),
                    "be a number of seconds, more than 0 and at most " + most.toSeconds(),
                    "was " + shown(value),
                    "write one, such as " + usual.toSeconds());
            return usual;
        }
        return Duration.ofMillis(Math.round(value.doubleValue() * 1000));
    }

    /** 0 if there is none. */
    int major(String field) {
        if (!has(field)) {
            return 0;
        }
        JsonNode value = get(field);
        if (!value.isInt() || value.intValue() < OLDEST) {
            problem(at(field), "be a major from " + OLDEST + " on", "was " + shown(value), "write it like 13");
        }
        return value.intValue();
    }

    /** One statement that only looks. */
    String query(String field) {
        String text = text(field);
        List<String> statements = Statements.split(text);
        String first = statements.isEmpty()
                ? ""
                : Statements.withoutCommentBefore(statements.get(0))
                        .split("[^A-Za-z]", 2)[0]
                        .toUpperCase(Locale.ROOT);
        if (!text.isEmpty() && (statements.size() != 1 || !LOOKING.contains(first))) {
            problem(
                    at(field),
                    "be one query that only looks (SELECT, WITH, VALUES, TABLE or SHOW)",
                    statements.size() > 1 ? "was " + statements.size() + " statements" : "was \"" + cut(text) + "\"",
                    "what is changed belongs into start, or into the write of a point that arrives");
        }
        return statements.isEmpty() ? "" : statements.get(0);
    }

    /** Statements, each with its end. */
    List<String> statements(String field) {
        String text = text(field);
        List<String> statements = Statements.split(text);
        if (!text.isEmpty() && statements.isEmpty()) {
            problem(at(field), "be SQL", "was \"" + cut(text) + "\"", "write a statement");
        }
        return statements;
    }

    /** One statement of any kind. */
    String statement(String field) {
        List<String> statements = statements(field);
        if (statements.size() > 1) {
            problem(at(field), "be one statement", "was " + statements.size(), "write one");
        }
        return statements.isEmpty() ? "" : statements.get(0);
    }

    /** Notes what nobody has asked for. */
    void end() {
        for (String key : keys()) {
            if (!known.contains(key)) {
                problem(
                        place,
                        "have known fields only",
                        "has \"" + cut(key) + "\"",
                        "known are " + String.join(", ", known));
            }
        }
    }

    private static String shown(JsonNode value) {
        return value.isMissingNode() ? "missing" : cut(value.toString());
    }

    private static String cut(String text) {
        String line = text.replaceAll("\\s+", " ");
        return line.length() > LONGEST_SHOWN ? line.substring(0, LONGEST_SHOWN) + "..." : line;
    }
}
