package org.pgminicluster.cli;

import java.time.Instant;
import org.pgminicluster.journal.Journal;
import org.pgminicluster.journal.Trace;
import org.pgminicluster.lab.LabOptions;
import org.pgminicluster.lab.lesson.Language;
import picocli.CommandLine.Option;

/** How something is told. */
final class LessonOptions {

    @Option(names = "--lang", paramLabel = "LANG", description = "en or ru; what servers say is never translated.")
    private Language language = Language.EN;

    @Option(names = "--pause", description = "Wait for Enter at each chapter, question and act.")
    private boolean pause;

    Language language(Context context) {
        return readable(language, context);
    }

    /** That language, with a word if the terminal cannot show its letters. */
    static Language readable(Language language, Context context) {
        if (language != Language.EN && !context.terminal().isUtf8()) {
            context.terminal()
                    .err()
                    .println("The locale is not one of UTF-8, so letters are shown by their numbers;"
                            + " set LC_ALL=C.UTF-8 to read them.");
        }
        return language;
    }

    /** For a run that writes into that directory and can be repeated by that command. */
    LabOptions of(Language told, String directory, String title, String command) {
        Journal journal = new Journal();
        String repeat = told == Language.EN ? command : command + " --lang " + told.code();
        journal.add(null, new Trace.Run(title, repeat, Instant.now().toString(), told.code()));
        return LabOptions.defaults().in(told).withPause(pause).named(directory).into(journal);
    }
}
