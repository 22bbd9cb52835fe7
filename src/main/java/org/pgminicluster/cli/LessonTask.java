package org.pgminicluster.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.pgminicluster.lab.lesson.Language;
import org.pgminicluster.lab.lesson.Texts;
import org.pgminicluster.lab.practice.LessonTexts;
import org.pgminicluster.lab.practice.PracticeLesson;

/** A lesson that is data, as whoever is going to do it reads it. */
final class LessonTask {

    /**
     * What helps.
     *
     * @param id of its text
     * @param typed lines, with NODE for one of the nodes
     */
    private record Help(String id, List<String> typed) {}

    private static final List<Help> HELP = List.of(
            new Help("sql", List.of("minicluster sql NODE", "minicluster sql NODE -f FILE")),
            new Help("look", List.of("minicluster status", "minicluster fault list", "minicluster logs NODE")),
            new Help("fault", List.of("minicluster fault --help", "minicluster restart NODE")),
            new Help("check", List.of("minicluster check")),
            new Help("end", List.of("minicluster down")));

    private final PracticeLesson lesson;
    private final Language language;
    private final Terminal terminal;

    LessonTask(PracticeLesson lesson, Language language, Terminal terminal) {
        this.lesson = lesson;
        this.language = language;
        this.terminal = terminal;
    }

    List<String> lines(RunningCluster running, String title, String passfile) {
        Texts practice = Texts.ofPractice(language);
        Texts texts = Texts.ofLessons(language);
        PracticeTask frame = new PracticeTask(practice, terminal);
        Map<String, String> places = running.places();
        List<RunningCluster.Address> addresses = new ArrayList<>();
        for (RunningCluster.Address address : running.addresses()) {
            addresses.add(address.in(lesson.database()));
        }
        List<String> lines = new ArrayList<>(frame.waysIn(title, addresses, passfile));
        lines.add("");
        lines.add(terminal.bold(lesson.title().in(language)));
        lesson.task().forEach(text -> frame.fold(lines, "", LessonTexts.filled(text.in(language), places)));
        lines.add("");
        lines.add(terminal.bold(practice.get("help")));
        String first = lesson.nodeNames().get(0);
        HELP.forEach(help -> {
            frame.fold(lines, "- ", texts.get("help." + help.id()));
            help.typed().forEach(line -> lines.add("    " + line.replace("NODE", first)));
        });
        return lines;
    }
}
