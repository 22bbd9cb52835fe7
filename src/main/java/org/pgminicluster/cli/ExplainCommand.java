package org.pgminicluster.cli;

import java.util.concurrent.Callable;
import org.pgminicluster.lab.lesson.Language;
import org.pgminicluster.lab.lesson.Texts;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Says why a problem happens and what to do, without running it. */
@Command(name = "explain", description = "Say why a problem happens and what to do.")
final class ExplainCommand implements Callable<Integer> {

    private final Context context;

    @Parameters(paramLabel = "PROBLEM", description = "Such as slot-name-clash; minicluster list has them all.")
    private String id = "";

    @Mixin
    private final ServerOptions servers = new ServerOptions();

    @Option(names = "--lang", paramLabel = "LANG", description = "en or ru.")
    private Language language = Language.EN;

    @Option(names = "--json", description = "As JSON.")
    private boolean json;

    ExplainCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        Language known = LessonOptions.readable(language, context);
        Catalogue.Entry entry = Catalogue.entry(Catalogue.problem(id), Texts.ofProblems(known), servers.major(context));
        Terminal terminal = context.terminal();
        if (json) {
            terminal.json(entry);
            return Exit.OK;
        }
        terminal.out().println(terminal.bold(entry.title()));
        Texts lab = Texts.ofLab(known);
        part(entry.question());
        part(lab.get("explain.cause", entry.cause()));
        part(lab.get("explain.cure", entry.cure()));
        if (!entry.notShown().isEmpty()) {
            part(lab.get("explain.not-here", entry.notShown()));
        }
        terminal.out().println();
        terminal.out().println(entry.manual());
        terminal.out().println(terminal.dim("$ ") + "minicluster run " + entry.id());
        return Exit.OK;
    }

    private void part(String text) {
        Terminal terminal = context.terminal();
        terminal.out().println();
        TextTable.fold(text, Math.min(terminal.width(), 100)).forEach(terminal.out()::println);
    }
}
