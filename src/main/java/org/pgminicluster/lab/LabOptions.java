package org.pgminicluster.lab;

import java.util.Optional;
import org.pgminicluster.journal.Journal;
import org.pgminicluster.lab.lesson.Language;

/**
 * How a lesson is told.
 *
 * @param language the language of all texts; what servers say is never translated
 * @param pause whether each chapter waits for Enter; it goes on by itself where the input has ended
 * @param name the directory's name under {@code target/minicluster}, or empty for the lesson's own
 * @param journal where everything is recorded; somebody may listen to it already
 */
public record LabOptions(Language language, boolean pause, Optional<String> name, Journal journal) {

    /** In English, without a pause, into a journal of its own. */
    public static LabOptions defaults() {
        return new LabOptions(Language.EN, false, Optional.empty(), new Journal());
    }

    public LabOptions in(Language other) {
        return new LabOptions(other, pause, name, journal);
    }

    public LabOptions withPause(boolean wanted) {
        return new LabOptions(language, wanted, name, journal);
    }

    public LabOptions named(String directoryName) {
        return new LabOptions(language, pause, Optional.of(directoryName), journal);
    }

    public LabOptions into(Journal own) {
        return new LabOptions(language, pause, name, own);
    }
}
