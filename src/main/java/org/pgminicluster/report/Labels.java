package org.pgminicluster.report;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.pgminicluster.journal.Messages;
import org.pgminicluster.journal.Words;

/** The words of a report in one language. */
final class Labels {

    /** The keys of the reasons for settings, by their English text. */
    private static final Map<String, String> REASONS = reasons(Messages.of(Labels.class, "labels", Locale.ENGLISH));

    private final Messages texts;

    private Labels(Messages texts) {
        this.texts = texts;
    }

    /** In Russian for {@code ru}, else in English. */
    static Labels of(Locale locale) {
        return new Labels(Messages.of(Labels.class, "labels", locale));
    }

    private static Map<String, String> reasons(Messages english) {
        return english.keys().stream()
                .filter(key -> key.startsWith("reason."))
                .collect(Collectors.toMap(key -> english.find(key).orElseThrow(), key -> key));
    }

    String language() {
        return texts.language();
    }

    boolean has(String key) {
        return texts.find(key).isPresent();
    }

    /** A duration, such as {@code 0.8 ms}, {@code 38 ms} or {@code 1.2 s}. */
    String millis(double millis) {
        return amount(Times.millis(millis));
    }

    /** A moment since the start, such as {@code +1.234 s}. */
    String since(double millis) {
        return "+" + amount(Times.seconds(millis));
    }

    /** A size, such as {@code 56 B} or {@code 1.2 MB}. */
    String bytes(long bytes) {
        return amount(Times.bytes(bytes));
    }

    /** A round number of bytes, such as {@code 10 kB}. */
    String roundBytes(long bytes) {
        return amount(Times.roundBytes(bytes));
    }

    private String amount(Times.Amount amount) {
        return get("unit." + amount.unit(), amount.number());
    }

    /** Why a setting is what it is, which a journal says in English; one that is not known stays as it is. */
    String reason(String english) {
        return Optional.ofNullable(REASONS.get(english)).map(this::get).orElse(english);
    }

    /** What a journal says, in this language. */
    String say(Words words) {
        return words.in(Locale.forLanguageTag(language()));
    }

    /** The text of that key, with {@code {0}}, {@code {1}} and so on replaced. */
    String get(String key, Object... values) {
        String text = texts.find(key)
                .orElseThrow(() -> new IllegalArgumentException(
                        "expected a label " + key + " in " + language() + ", but there is none"));
        return texts.fill(text, Arrays.asList(values));
    }
}
