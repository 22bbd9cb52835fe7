package org.pgminicluster.lab.lesson;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import org.pgminicluster.journal.Messages;
import org.pgminicluster.journal.Numbers;

/**
 * The texts of one kind in one language, from a file {@code kind_language.properties} in UTF-8. Not a {@link
 * java.util.ResourceBundle}, which would answer in another language where a text is missing.
 */
public final class Texts {

    private final String file;
    private final Numbers numbers;
    private final Properties texts = new Properties();

    private Texts(String file) {
        this.file = file;
        this.numbers = file.endsWith("_ru.properties") ? Numbers.RUSSIAN : Numbers.ENGLISH;
    }

    /** What the lab says around a lesson. */
    public static Texts ofLab(Language language) {
        return read("lab", language);
    }

    /** The homework's reasons, questions and claims. */
    public static Texts ofHomework(Language language) {
        return read("homework", language);
    }

    /** The homework as a task, and what helps whoever does it. */
    public static Texts ofPractice(Language language) {
        return read("practice", language);
    }

    /** Title, question, cause and cure of every problem. */
    public static Texts ofProblems(Language language) {
        return read("problems", language);
    }

    /** What a check has to say. */
    public static Texts ofCheck(Language language) {
        return read("check", language);
    }

    /** What is said around lessons that are data. */
    public static Texts ofLessons(Language language) {
        return read("lessons", language);
    }

    /** These, and others in addition or in their places. */
    public Texts with(Map<String, String> others) {
        Texts all = new Texts(file);
        all.texts.putAll(texts);
        all.texts.putAll(others);
        return all;
    }

    private static Texts read(String kind, Language language) {
        Texts read = new Texts(kind + "_" + language.code() + ".properties");
        try (InputStream in = Texts.class.getResourceAsStream(read.file)) {
            if (in == null) {
                throw new IllegalStateException("no " + read.file + " beside " + Texts.class.getName());
            }
            try (Reader reader = new InputStreamReader(in, StandardCharsets.UTF_8)) {
                read.texts.load(reader);
            }
            return read;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * The text of a key, with <code>{0}</code>, <code>{1:ms}</code> and so on replaced, see {@link Messages}.
     *
     * @throws IllegalArgumentException if there is none
     */
    public String get(String key, Object... values) {
        String text = find(key).orElseThrow(() -> new IllegalArgumentException(file + " has no " + key));
        return Messages.fill(text, numbers, values);
    }

    /** The text of a key as it is written down, if there is one. */
    public Optional<String> find(String key) {
        return Optional.ofNullable(texts.getProperty(key));
    }

    /** All keys in order. */
    public Set<String> keys() {
        return new TreeSet<>(texts.stringPropertyNames());
    }
}
