package org.pgminicluster.lab.practice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.pgminicluster.lab.lesson.Language;
import org.pgminicluster.lab.lesson.Texts;

/** A lesson's file is read whole, or each of its mistakes is told. */
class LessonReaderTest {

    private static final String WHOLE = """
            {
              "title": {"en": "Title", "ru": "Заголовок"},
              "task": ["Do it."],
              "nodes": {"vm1": {}, "vm2": {"postgres": "newer", "follows": ["vm1"]}},
              "start": [{"on": "vm1", "sql": ["SELECT 1;", "SELECT '{vm2.to.vm1}'"]}],
              "points": [
                {
                  "id": "one", "title": "One", "why": "So.", "on": "vm1", "holds": "SELECT true",
                  "done": "Is.", "notYet": "Is not.", "hint": "Look.", "answer": ["vm1: SELECT 1;", "vm1: SELECT 2;"],
                  "wrong": [{"on": "vm2", "query": "SELECT 1", "says": "No."}, {"on": "vm2", "query": "SELECT 2", "says": "{0}."}]
                }
              ]
            }
            """;

    private static PracticeLesson read(String text) {
        return LessonReader.read("mine", "mine.json", text);
    }

    @Test
    void a_whole_one_has_its_defaults() {
        PracticeLesson lesson = read(WHOLE);

        assertThat(lesson.cluster()).isEqualTo(PracticeLesson.Cluster.NODES);
        assertThat(lesson.nodeNames()).containsExactly("vm1", "vm2");
        assertThat(lesson.needsNewer()).isTrue();
        assertThat(lesson.database()).isEqualTo("rep");
        assertThat(lesson.since()).isZero();
        assertThat(lesson.start())
                .containsExactly(new StartStep.Sql("vm1", List.of("SELECT 1", "SELECT '{vm2.to.vm1}'")));
        assertThat(lesson.points().get(0).wrong()).extracting(WrongWay::id).containsExactly("one-wrong", "one-wrong-2");
    }

    @Test
    void a_text_that_is_not_in_a_language_is_read_in_the_other() {
        PracticeLesson lesson =
                read(WHOLE.replace("{\"en\": \"Title\", \"ru\": \"Заголовок\"}", "{\"ru\": \"Заголовок\"}"));

        assertThat(lesson.title().in(Language.EN)).isEqualTo("Заголовок");
        assertThat(lesson.title().isIn(Language.EN)).isFalse();
    }

    @Test
    void places_in_its_texts_are_filled() {
        Texts texts = LessonTexts.of(
                read(WHOLE.replace("\"vm1: SELECT 1;\"", "\"vm1: SELECT '{vm2.to.vm1}';\"")),
                Language.EN,
                Map.of("vm2.to.vm1", "host=x"));

        assertThat(texts.get("one-open.answer")).isEqualTo("vm1: SELECT 'host=x';\nvm1: SELECT 2;");
        assertThat(texts.get("one-wrong-2", "seen")).isEqualTo("seen.");
        assertThat(texts.get("first-one")).isEqualTo("First: One.");
        assertThat(texts.get("verdict.done")).isEqualTo("done");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"title\": {\"en\": \"Title\", \"ru\": \"Заголовок\"}, | | expected title of mine.json to be a text or a list of lines, but was missing; write it in quotes",
                "\"title\": | \"titel\": | expected mine.json to have known fields only, but has \"titel\"; known are title, task, cluster, nodes, database, since, mayBeDown, start, points",
                "\"en\": \"Title\", | \"de\": \"Titel\", | expected title of mine.json to have known fields only, but has \"de\"; known are en, ru",
                "\"SELECT true\" | \"DELETE FROM x\" | expected points[0].holds of mine.json to be one query that only looks (SELECT, WITH, VALUES, TABLE or SHOW), but was \"DELETE FROM x\"; what is changed belongs into start, or into the write of a point that arrives",
                "\"SELECT true\" | \"SELECT 1; DROP TABLE x\" | expected points[0].holds of mine.json to be one query that only looks (SELECT, WITH, VALUES, TABLE or SHOW), but was 2 statements; what is changed belongs into start, or into the write of a point that arrives",
                "\"holds\": \"SELECT true\" | \"after\": [] | expected points[0] of mine.json to have one of holds, same, arrives, but has none; say how it is found out whether the point is done",
                "\"on\": \"vm1\", \"holds\" | \"on\": \"vm9\", \"holds\" | expected points[0].on of mine.json to be a node of the lesson, but was \"vm9\"; known are vm1, vm2",
                "\"id\": \"one\" | \"id\": \"One\" | expected points[0].id of mine.json to be small letters, digits and hyphens, but was \"One\"; write it like rows-copied",
                "\"why\" | \"after\": [\"two\"], \"why\" | expected points[0].after of mine.json to be a point that comes before, but was \"two\"; none does",
                "\"Is.\" | \"Is {0}.\" | expected points[0].done of mine.json to have no {0} without seen, but has one; add seen, a query that says what is there",
                "{\"on\": \"vm1\", \"sql\" | {\"command\": \"down\", \"sql\" | expected start[0].command of mine.json to begin with fault, restart or basebackup, but was \"down\"; write it as it is typed after minicluster",
                "{vm2.to.vm1} | {vm2.to.vm7} | expected start[0].sql of mine.json to be a node of the lesson, but was \"vm7\"; known are vm1, vm2",
                "\"newer\" | \"latest\" | expected nodes.vm2.postgres of mine.json to be a major or \"newer\", but was \"latest\"; write \"16\", or leave it out",
                "\"says\": \"No.\" | \"id\": \"one-done\", \"says\": \"No.\" | expected points of mine.json to have findings of different names, but has \"one-done\" twice; give one another id",
                "\"task\": [\"Do it.\"], | \"task\": [\"Do it.\"], \"cluster\": \"homework\", | expected mine.json to have either cluster or nodes, but has both; say \"cluster\": \"homework\" or name the nodes",
            })
    void a_mistake_is_told_with_its_place(String right, String wrong, String message) {
        String text = WHOLE.replace(right, wrong == null ? "" : wrong);
        assertThat(text).isNotEqualTo(WHOLE);

        assertThatThrownBy(() -> read(text))
                .satisfies(
                        e -> assertThat(String.valueOf(e.getMessage()).lines()).contains(message));
    }

    @Test
    void a_row_that_arrives_has_its_number_everywhere() {
        String arrives = "\"arrives\": {\"from\": \"vm1\", \"write\": \"INSERT INTO t VALUES (1)\","
                + " \"takeBack\": \"DELETE FROM t WHERE id = {marker}\", \"to\": \"vm2\", \"query\": \"SELECT {marker} = 1\","
                + " \"within\": 90}";

        assertThatThrownBy(() -> read(WHOLE.replace("\"on\": \"vm1\", \"holds\": \"SELECT true\"", arrives)))
                .hasMessage(
                        "expected points[0].arrives.write of mine.json to have {marker}, the number of the row, but has"
                                + " none; so that no other row is taken for it\n"
                                + "expected points[0].arrives.within of mine.json to be a number of seconds, more than 0 and at"
                                + " most 30, but was 90; write one, such as 2");
    }

    @Test
    void what_is_no_json_is_told_with_its_line() {
        assertThatThrownBy(() -> read("{\n  \"title\": \"a\"\n  \"task\": []\n}"))
                .hasMessageStartingWith(
                        "expected mine.json to be JSON, but was not in line 3, column 3 (Unexpected character")
                .hasMessageEndingWith("); see docs/lessons.md");
        assertThatThrownBy(() -> read(WHOLE.replace("\"task\":", "\"title\": \"again\", \"task\":")))
                .hasMessageContaining("(Duplicate field 'title')");
    }
}
