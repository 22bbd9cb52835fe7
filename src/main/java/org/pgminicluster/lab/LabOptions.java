package org.pgminicluster.lab;

import java.util.Optional;
import org.pgminicluster.journal.Journal;
import org.pgminicluster.lab.lesson.Language;

/**
 * How a lesson is told.
 *
 * @param language the language of all texts; what servers say is never translated
 * @param pause whether each chapter waits for Enter, and each statement that matters; it goes on by itself where the input
 *     has ended
 * @param name the directory's name under {@code target/minicluster}, or empty for the lesson's own
 * @param journal where everything is recorded; somebody may listen to it already
 * @param from the first chapter that is told, one of {@link Lab#chapters()}; what comes before is done without telling it
 * @param until the last one
 */
public record LabOptions(
        Language language,
        boolean pause,
        Optional<String> name,
        Journal journal,
        Optional<String> from,
        Optional<String> until) {

    /** In English, without a pause, into a journal of its own, from the first chapter to the last. */
    public static LabOptions defaults() {
        return new LabOptions(Language.EN, false, Optional.empty(), new Journal(), Optional.empty(), Optional.empty());
    }

    public LabOptions in(Language other) {
        return new LabOptions(other, pause, name, journal, from, until);
    }

    public LabOptions withPause(boolean wanted) {
        return new LabOptions(language, wanted, name, journal, from, until);
    }

    public LabOptions named(String directoryName) {
        return new LabOptions(language, pause, Optional.of(directoryName), journal, from, until);
    }

    public LabOptions into(Journal own) {
        return new LabOptions(language, pause, name, own, from, until);
    }

    /** Some of the chapters; empty is the first, or the last. */
    public LabOptions chapters(Optional<String> first, Optional<String> last) {
        return new LabOptions(language, pause, name, journal, first, last);
    }
}
