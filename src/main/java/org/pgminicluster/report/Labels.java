package org.pgminicluster.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Properties;
import org.pgminicluster.journal.Phrases;

/** The words of a report in one language. */
final class Labels {

    private final String language;
    private final Properties texts;
    private final Phrases phrases;

    private Labels(String language, Properties texts) {
        this.language = language;
        this.texts = texts;
        this.phrases = Phrases.of(Locale.forLanguageTag(language));
    }

    /** In Russian for {@code ru}, else in English. */
    static Labels of(Locale locale) {
        String language = locale.getLanguage().equals("ru") ? "ru" : "en";
        return new Labels(language, load(language));
    }

    static Properties load(String language) {
        Properties texts = new Properties();
        String name = "labels_" + language + ".properties";
        try (InputStream in = Labels.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("no resource " + name);
            }
            texts.load(new InputStreamReader(in, StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return texts;
    }

    /** What a journal says of waits and faults. */
    Phrases phrases() {
        return phrases;
    }

    String language() {
        return language;
    }

    boolean has(String key) {
        return texts.containsKey(key);
    }

    /** The text of that key, with {@code {0}}, {@code {1}} and so on replaced. */
    String get(String key, Object... values) {
        String text = texts.getProperty(key);
        if (text == null) {
            throw new IllegalArgumentException("expected a label " + key + " in " + language + ", but there is none");
        }
        for (int i = 0; i < values.length; i++) {
            text = text.replace("{" + i + "}", String.valueOf(values[i]));
        }
        return text;
    }
}
