package org.pgminicluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The Russian texts keep to docs/russian.md. */
class RussianTest {

    private static final Path RESOURCES = Path.of("src/main/resources");
    private static final Path GLOSSARY = Path.of("docs/russian.md");

    /** A row of the glossary, by its last cell. */
    private static final Pattern ROW = Pattern.compile("(?m)^\\|[^|\n]*\\|[^|\n]*[а-яё][^|\n]*\\|([^|\n]*)\\|$");

    private static final String UNITS = "мс|с|Б|кБ|МБ|ГБ|байт|байта|байт/с|%|строк[аи]?";
    /** {@code с} is a preposition, too, with something after it. */
    private static final Pattern UNCOUNTED =
            Pattern.compile("(?:\\d|\\{\\d}) ?(?:" + UNITS + ")(?![\\p{L}/])(?! (?:\\{|\\p{L}))");

    private static final Pattern SMALL_AFTER_STOP = Pattern.compile("(?<!\\.\\.|см)[.!?][»)]? [а-яё]");
    /** Never written so, whatever the form. */
    private static final Pattern WITHOUT_YO = Pattern.compile(
            "(?iu)(?<!\\p{L})(?:еще|ее|нее|ним ее|иде[тм]|приде[тм]"
                    + "|пойде[тм]|дойде[тм]|найде[тм]|оста[её]ся|остается|удается|дает|берет|жде[тм]|отчет\\p{L}*|расчет\\p{L}*"
                    + "|включен|отключен|удален|завершен|подтвержден|определен|разорван[её]|сохранен|потеря[её]н|причем|чем-то еще"
                    + "|черн\\p{L}* ящик|веде[тм]|несе[тм]|займе[тм]|возьме[тм]|прочте[тм]|вернется|придется|объем\\p{L}*)(?!\\p{L})");

    private static final Pattern BAD_MARKS =
            Pattern.compile("\"[А-Яа-яё]|[а-яё]\"|\\p{L} [-–] \\p{L}| [,;:!?»)]|« |\\( |(?<=[^\\s:])  ");

    /** What may be in Latin letters: names of programs, settings and values, and what servers write. */
    private static final Set<String> NAMES = Set.of(
            "all",
            "autocommit",
            "child",
            "conflict",
            "could",
            "connect",
            "context",
            "createdb",
            "detected",
            "extra",
            "failover",
            "false",
            "fast",
            "host",
            "initdb",
            "logical",
            "lost",
            "minicluster",
            "none",
            "not",
            "off",
            "on",
            "origin",
            "pg",
            "plpgsql",
            "postgres",
            "postgresql",
            "psql",
            "publish",
            "rep",
            "replica",
            "replication",
            "replicator",
            "restart",
            "ro",
            "rw",
            "setval",
            "standby",
            "test",
            "true",
            "walreceiver",
            "walsender");

    /** What the glossary of a report says beside its Russian word, so that the reader knows the manual's. */
    private static final Pattern IN_BRACKETS =
            Pattern.compile("\\((?:apply worker|table sync worker|origin|replica identity)\\)");

    /** Statements, file names, options, addresses, names with underscores; what stands in capitals; letters for states. */
    private static final Pattern NOT_A_WORD =
            Pattern.compile("(?:CREATE|ALTER|DROP|GRANT|INSERT) [^а-яё]*|'[^']*'|«[^»]*»"
                    + "|\\{\\d[^}]*}|--?\\w[\\w-]*|\\S*[_/=\\\\]\\S*|\\w+(?:\\.\\w+)+|\\bminicluster \\w+|\\b\\w*\\d\\w*|\\b[A-Z][A-Z-]+\\b"
                    + "|\\b(?:PostgreSQL|JVM|JDBC|Enter|B)\\b|\\b[a-z]\\b");

    record Entry(String file, String key, String text) {
        @Override
        public String toString() {
            return file + ": " + key + " = " + text;
        }
    }

    static List<Entry> entries() {
        try (Stream<Path> files = Files.walk(RESOURCES)) {
            return files.filter(file -> file.toString().endsWith("_ru.properties"))
                    .sorted()
                    .flatMap(RussianTest::read)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Stream<Entry> read(Path file) {
        Properties texts = new Properties();
        try (var reader = Files.newBufferedReader(file)) {
            texts.load(reader);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return texts.stringPropertyNames().stream()
                .sorted()
                .map(key -> new Entry(file.getFileName().toString(), key, texts.getProperty(key)));
    }

    private static String words(Entry entry) {
        return NOT_A_WORD
                .matcher(IN_BRACKETS.matcher(entry.text()).replaceAll(" "))
                .replaceAll(" ");
    }

    private static List<String> found(Pattern pattern, String text) {
        return pattern.matcher(text).results().map(MatchResult::group).toList();
    }

    private static void assertNone(Pattern pattern) {
        assertNone(entry -> found(pattern, entry.text()));
    }

    private static void assertNone(Function<Entry, List<String>> wrong) {
        assertThat(entries().stream()
                        .flatMap(entry -> wrong.apply(entry).stream().map(part -> "\"" + part + "\" in " + entry)))
                .isEmpty();
    }

    static Stream<String> rejected() throws IOException {
        return ROW.matcher(Files.readString(GLOSSARY))
                .results()
                .flatMap(row -> Stream.of(row.group(1).split(";")))
                .map(String::strip)
                .filter(phrase -> !phrase.isEmpty());
    }

    /** A phrase of the glossary's last column. */
    private static Pattern pattern(String phrase) {
        String ends = Pattern.quote(phrase).replace("*", "\\E\\p{L}*\\Q");
        return Pattern.compile("(?iu)(?<!\\p{L})" + ends + "(?!\\p{L})");
    }

    @ParameterizedTest
    @MethodSource("rejected")
    void what_the_glossary_rejects_is_not_said(String phrase) {
        assertNone(pattern(phrase));
    }

    @Test
    void there_are_texts() {
        assertThat(entries()).hasSizeGreaterThan(900);
    }

    @Test
    void the_glossary_is_read() throws IOException {
        assertThat(rejected()).hasSizeGreaterThan(80).contains("публикующ*", "лечени*", "реплика");
        assertThat(pattern("слот* отказа").matcher("Слотами отказа").matches()).isTrue();
        assertThat(pattern("лог").matcher("логика").find()).isFalse();
    }

    /** The glossary does not reject what it says itself. */
    @Test
    void what_the_glossary_says_is_not_rejected() throws IOException {
        String said = Files.readAllLines(GLOSSARY).stream()
                .filter(line -> line.startsWith("| "))
                .map(line -> line.split("\\|")[2])
                .reduce("", (all, cell) -> all + "\n" + cell);

        assertThat(rejected())
                .allSatisfy(phrase -> assertThat(found(pattern(phrase), said)).isEmpty());
    }

    @Test
    void no_english_word_is_left() {
        Pattern latin = Pattern.compile("[A-Za-z]{2,}");
        assertNone(entry -> found(latin, words(entry)).stream()
                .filter(word -> !NAMES.contains(word.toLowerCase(Locale.ROOT)))
                .toList());
    }

    /** So that the test above may fail. */
    @Test
    void an_english_word_is_seen() {
        assertThat(words(new Entry("", "", "Слот lost на vm1: wal_status = reserved, ALTER TABLE t, упал worker")))
                .contains("lost", "worker")
                .doesNotContain("vm1", "wal_status", "ALTER", "TABLE");
    }

    @Test
    void numbers_and_their_units_are_one_place() {
        assertNone(UNCOUNTED);
        assertThat(found(UNCOUNTED, "за {0} мс; {1} с. и 5 МБ, 10 кБ")).hasSize(4);
        assertThat(found(UNCOUNTED, "{0} с {1}, {0} с узла, {0:мс}")).isEmpty();
    }

    /** A word that is counted has a form for each number, a unit one. */
    @Test
    void a_counted_word_has_three_forms_and_a_unit_one() {
        Pattern counted = Pattern.compile("\\{\\d:([^}]*)}");
        assertNone(entry -> counted.matcher(entry.text())
                .results()
                .map(place -> place.group(1))
                .filter(forms -> !Set.of(1, 3).contains(forms.split("\\|", -1).length))
                .toList());
    }

    @Test
    void a_sentence_begins_with_a_capital() {
        assertNone(SMALL_AFTER_STOP);
        assertThat(found(SMALL_AFTER_STOP, "готово. не осталось")).hasSize(1);
    }

    @Test
    void yo_is_written() {
        assertNone(WITHOUT_YO);
        assertThat(found(WITHOUT_YO, "Еще ждет отчета")).hasSize(3);
    }

    @Test
    void marks_are_russian() {
        assertNone(BAD_MARKS);
        assertThat(found(BAD_MARKS, "это - слот, \"слот\" ,")).hasSize(4);
    }
}
