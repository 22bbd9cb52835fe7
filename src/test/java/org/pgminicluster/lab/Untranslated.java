package org.pgminicluster.lab;

import java.util.List;
import java.util.stream.Stream;
import org.pgminicluster.journal.Entry;
import org.pgminicluster.journal.Event;
import org.pgminicluster.journal.Journal;
import org.pgminicluster.journal.WaitKind;
import org.pgminicluster.journal.Words;
import org.pgminicluster.lab.lesson.Language;
import org.pgminicluster.lab.lesson.Texts;

/** Finds what a reader of Russian would be told in English. */
final class Untranslated {

    private Untranslated() {}

    /** What the journal says of waits and faults as it is in every language, but for what the lesson itself says. */
    static List<String> in(Journal journal, Language told) {
        String rows = Texts.ofLab(told).find("await.rows").orElseThrow();
        String lesson = rows.substring(rows.indexOf("{1}") + 3, rows.indexOf("{2}"));
        return journal.entries().stream()
                .map(Entry::event)
                .flatMap(Untranslated::words)
                .filter(Words::isVerbatim)
                .map(Words::toString)
                .filter(text -> !text.contains(lesson))
                .distinct()
                .toList();
    }

    private static Stream<Words> words(Event event) {
        if (event instanceof Event.Wait wait) {
            return Stream.of(
                    wait.what().kind() == WaitKind.OWN
                            ? wait.what().subject()
                            : wait.what().words());
        }
        return event instanceof Event.Fault fault ? Stream.of(fault.what(), fault.proof()) : Stream.empty();
    }
}
