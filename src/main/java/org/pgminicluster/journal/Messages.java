package org.pgminicluster.journal;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apiguardian.api.API;

/**
 * The texts of one kind in one language, from a file {@code kind_language.properties} in UTF-8, with <code>{0}</code>,
 * <code>{1}</code> and so on where values stand, and <code>{0:row|rows}</code> or <code>{0:ms}</code> where a number stands
 * with its word or unit, see {@link Numbers}. Not a {@link java.util.ResourceBundle}, which would answer in another language
 * where a text is missing.
 */
@API(status = API.Status.INTERNAL)
public final class Messages {

    private static final Pattern PLACE = Pattern.compile("\\{(\\d)(?::([^{}]+))?}");

    private final String language;
    private final Properties texts = new Properties();

    private Messages(String language) {
        this.language = language;
    }

    /** In Russian for {@code ru}, else in English; the file is beside that class. */
    public static Messages of(Class<?> beside, String kind, Locale locale) {
        Messages read = new Messages(locale.getLanguage().equals("ru") ? "ru" : "en");
        String file = kind + "_" + read.language + ".properties";
        try (InputStream in = beside.getResourceAsStream(file)) {
            if (in == null) {
                throw new IllegalStateException("no " + file + " beside " + beside.getName());
            }
            read.texts.load(new InputStreamReader(in, StandardCharsets.UTF_8));
            return read;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The language's code. */
    public String language() {
        return language;
    }

    /** The text of a key as it is written down, if there is one. */
    public Optional<String> find(String key) {
        return Optional.ofNullable(texts.getProperty(key));
    }

    /** All keys in order. */
    public Set<String> keys() {
        return new TreeSet<>(texts.stringPropertyNames());
    }

    /** A text of this language with values in its places. */
    public String fill(String text, List<?> values) {
        return fill(text, values, Numbers.in(Locale.forLanguageTag(language)));
    }

    /** A text with values in its places. A place that has no value stays. */
    public static String fill(String text, Numbers numbers, Object... values) {
        return fill(text, Arrays.asList(values), numbers);
    }

    private static String fill(String text, List<?> values, Numbers numbers) {
        return PLACE.matcher(text).replaceAll(place -> {
            int number = Integer.parseInt(place.group(1));
            if (number >= values.size()) {
                return Matcher.quoteReplacement(place.group());
            }
            String value = String.valueOf(values.get(number));
            String forms = place.group(2);
            return Matcher.quoteReplacement(
                    forms == null ? value : numbers.counted(value, Arrays.asList(forms.split("\\|"))));
        });
    }
}
