package org.pgminicluster.journal;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What clusters write in a journal about waits and faults, for readers of another language. What servers say, statements
 * and names stay as they are, and so does what has no translation.
 *
 * <p>A journal is in English. The translations are in a file of gettext's form, {@code phrases_ru.po}: an English phrase
 * with <code>{0}</code>, <code>{1}</code> where names stand, and the same in the other language. The first phrase that fits
 * is taken.
 */
public final class Phrases {

    private static final Pattern PLACE = Pattern.compile("\\{(\\d)}");

    private final List<Phrase> phrases;

    private Phrases(List<Phrase> phrases) {
        this.phrases = phrases;
    }

    private record Phrase(Pattern english, String other) {}

    /** In Russian for {@code ru}; else everything stays in English. */
    public static Phrases of(Locale language) {
        return new Phrases(language.getLanguage().equals("ru") ? read("phrases_ru.po") : List.of());
    }

    /** That entry, with what the cluster says in it translated. */
    public Entry in(Entry entry) {
        if (phrases.isEmpty()) {
            return entry;
        }
        Event event = entry.event();
        if (event instanceof Event.Wait wait) {
            event = new Event.Wait(in(wait.what()), wait.met(), in(wait.last()), wait.millis());
        } else if (event instanceof Event.Fault fault) {
            event = new Event.Fault(in(fault.what()), fault.phase(), in(fault.proof()));
        } else if (event instanceof Event.Observation seen) {
            event = new Event.Observation(in(seen.what()), in(seen.text()));
        } else {
            return entry;
        }
        return new Entry(entry.seq(), entry.millis(), entry.node(), event);
    }

    /** All that was read, translated like {@link #in(Entry)}. */
    public JournalReader.Reading in(JournalReader.Reading reading) {
        return phrases.isEmpty()
                ? reading
                : new JournalReader.Reading(
                        reading.entries().stream().map(this::in).toList(), reading.unreadable(), reading.unknown());
    }

    /** That text in the other language if there is a phrase for it, else the text itself. */
    public String in(String text) {
        return find(text).orElse(text);
    }

    /** That text in the other language, if there is a phrase for it. */
    public Optional<String> find(String text) {
        for (Phrase phrase : phrases) {
            Matcher matcher = phrase.english().matcher(text);
            if (matcher.matches()) {
                // What stands in a place may be a phrase itself, such as "subscription s on vm2".
                return Optional.of(PLACE.matcher(phrase.other())
                        .replaceAll(place ->
                                Matcher.quoteReplacement(in(matcher.group(Integer.parseInt(place.group(1)) + 1)))));
            }
        }
        return Optional.empty();
    }

    private static List<Phrase> read(String file) {
        List<Phrase> read = new ArrayList<>();
        String english = null;
        for (String line : text(file).lines().toList()) {
            if (line.startsWith("msgid ")) {
                english = quoted(file, line);
            } else if (line.startsWith("msgstr ") && english != null) {
                read.add(new Phrase(pattern(english), quoted(file, line)));
                english = null;
            } else if (!line.isBlank() && !line.startsWith("#")) {
                throw new IllegalStateException(file + " has a line that is neither msgid nor its msgstr: " + line);
            }
        }
        return List.copyOf(read);
    }

    private static String quoted(String file, String line) {
        int from = line.indexOf('"');
        int to = line.lastIndexOf('"');
        if (to <= from) {
            throw new IllegalStateException(file + " has a line without a text in quotes: " + line);
        }
        return line.substring(from + 1, to).replace("\\\"", "\"");
    }

    /** Places stand in the order of their numbers, so that a group of the pattern has the number of its place. */
    private static Pattern pattern(String english) {
        StringBuilder pattern = new StringBuilder();
        Matcher place = PLACE.matcher(english);
        int from = 0;
        int number = 0;
        while (place.find()) {
            if (Integer.parseInt(place.group(1)) != number++) {
                throw new IllegalStateException("places must be numbered in their order: " + english);
            }
            pattern.append(Pattern.quote(english.substring(from, place.start())))
                    .append("(.+?)");
            from = place.end();
        }
        pattern.append(Pattern.quote(english.substring(from)));
        return Pattern.compile(pattern.toString(), Pattern.DOTALL);
    }

    private static String text(String file) {
        try (@Nullable InputStream in = Phrases.class.getResourceAsStream(file)) {
            if (in == null) {
                throw new IllegalStateException("no " + file + " beside " + Phrases.class.getName());
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
