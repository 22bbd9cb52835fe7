package org.pgminicluster.journal;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.apiguardian.api.API;

/**
 * Something that can be said, in whatever language its reader has: the key of a sentence, and what stands in its places.
 * What servers say, statements and names are said as they are. The sentences are in {@code words_en.properties} and {@code
 * words_ru.properties}.
 *
 * @param key of the sentence
 * @param args texts, further words, or lists of these
 */
@API(status = API.Status.INTERNAL)
public record Words(String key, List<Object> args) {

    private static final String VERBATIM = "verbatim";
    private static final Messages ENGLISH = Messages.of(Words.class, "words", Locale.ENGLISH);
    private static final Messages RUSSIAN = Messages.of(Words.class, "words", Locale.forLanguageTag("ru"));

    public Words {
        args = args.stream().map(Words::plain).toList();
    }

    /** The sentence of that key with texts, numbers, words or lists of them in its places. */
    public static Words of(String key, Object... args) {
        return new Words(key, Arrays.asList(args));
    }

    /** What is said as it is in every language. */
    public static Words verbatim(String text) {
        return of(VERBATIM, text);
    }

    /** Some, one after the other. */
    public static Words list(Collection<?> some) {
        return Words.of("list", some);
    }

    /** A subscription and who has it. */
    public static Words subscription(String name, String subscriber) {
        return Words.of("subscription", name, subscriber);
    }

    /** A standby and whom it follows. */
    public static Words standby(String name, String primary) {
        return Words.of("standby", name, primary);
    }

    private static Object plain(Object arg) {
        if (arg instanceof Words words) {
            return words.isVerbatim() ? words.args.get(0) : words;
        }
        if (arg instanceof Collection<?> some) {
            return some.stream().map(Words::plain).toList();
        }
        return arg instanceof Map<?, ?> json ? plain(read(json)) : String.valueOf(arg);
    }

    /** Whether they are the same in every language. */
    public boolean isVerbatim() {
        return key.equals(VERBATIM);
    }

    /** In Russian for {@code ru}, else in English. A key that only a later version knows is shown with what it has. */
    public String in(Locale language) {
        return in(language.getLanguage().equals("ru") ? RUSSIAN : ENGLISH);
    }

    private String in(Messages messages) {
        List<String> said = args.stream().map(arg -> said(arg, messages)).toList();
        return messages.find(key).map(text -> messages.fill(text, said)).orElseGet(() -> key + " " + said);
    }

    private static String said(Object arg, Messages messages) {
        if (arg instanceof List<?> some) {
            return some.stream().map(one -> said(one, messages)).collect(Collectors.joining(", "));
        }
        return arg instanceof Words words ? words.in(messages) : arg.toString();
    }

    /** In English. */
    @Override
    public String toString() {
        return in(ENGLISH);
    }

    /** A text if they are verbatim, else key and args. */
    @JsonValue
    Object json() {
        if (isVerbatim()) {
            return args.get(0);
        }
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("key", key);
        json.put("args", args);
        return json;
    }

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    static Words read(Object json) {
        if (json instanceof String text) {
            return verbatim(text);
        }
        if (json instanceof Map<?, ?> said
                && said.get("key") instanceof String key
                && said.get("args") instanceof List<?> args) {
            return of(key, args.toArray());
        }
        throw new IllegalArgumentException("expected words to be a text, or a key and args, but was " + json);
    }
}
