package org.pgminicluster.lab.practice;

import java.util.EnumMap;
import java.util.Map;
import org.pgminicluster.lab.lesson.Language;

/** What a lesson says, in the languages that it was written in. */
public record LessonText(Map<Language, String> said) {

    public LessonText {
        said = Map.copyOf(said);
        if (said.isEmpty()) {
            throw new IllegalArgumentException("expected a text to be there in one language at least, but was in none");
        }
    }

    /** One that is the same in all languages, such as a statement. */
    static LessonText everywhere(String text) {
        Map<Language, String> all = new EnumMap<>(Language.class);
        for (Language language : Language.values()) {
            all.put(language, text);
        }
        return new LessonText(all);
    }

    /** In that language; where that was left out, in the other. */
    public String in(Language language) {
        return said.getOrDefault(language, said.values().iterator().next());
    }

    /** Whether it was written in that language. */
    public boolean isIn(Language language) {
        return said.containsKey(language);
    }
}
