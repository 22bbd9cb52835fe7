package org.pgminicluster.lab.lesson;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.pgminicluster.MiniClusterException;

/** The languages that the lab speaks. What servers say is never translated. */
public enum Language {
    EN,
    RU;

    /** As it is written in options and file names. */
    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The same for Java. */
    public Locale locale() {
        return Locale.forLanguageTag(code());
    }

    /**
     * The language of that code.
     *
     * @throws MiniClusterException listing the known ones if there is none
     */
    public static Language of(String code) {
        return Arrays.stream(values())
                .filter(language -> language.code().equals(code.toLowerCase(Locale.ROOT)))
                .findFirst()
                .orElseThrow(() -> new MiniClusterException("expected the language to be one of "
                        + Arrays.stream(values()).map(Language::code).collect(Collectors.joining(", "))
                        + ", but was \"" + code + "\"; choose one of them"));
    }
}
