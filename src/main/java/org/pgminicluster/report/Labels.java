package org.pgminicluster.report;

import java.util.Arrays;
import java.util.Locale;
import org.pgminicluster.journal.Messages;
import org.pgminicluster.journal.Words;

/** The words of a report in one language. */
final class Labels {

    private final Messages texts;

    private Labels(Messages texts) {
        this.texts = texts;
    }

    /** In Russian for {@code ru}, else in English. */
    static Labels of(Locale locale) {
        return new Labels(Messages.of(Labels.class, "labels", locale));
    }

    String language() {
        return texts.language();
    }

    boolean has(String key) {
        return texts.find(key).isPresent();
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
        return Messages.fill(text, Arrays.asList(values));
    }
}
