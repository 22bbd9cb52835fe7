package org.pgminicluster.cli;

import java.util.List;
import java.util.concurrent.Callable;
import org.pgminicluster.lab.lesson.Language;
import org.pgminicluster.lab.lesson.Texts;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Lists the problems that can be run. */
@Command(name = "list", description = "List the problems that run and explain take.")
final class ListCommand implements Callable<Integer> {

    private final Context context;

    @Mixin
    private final ServerOptions servers = new ServerOptions();

    @Option(names = "--lang", paramLabel = "LANG", description = "en or ru.")
    private Language language = Language.EN;

    @Option(names = "--json", description = "As JSON.")
    private boolean json;

    ListCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        Terminal terminal = context.terminal();
        List<Catalogue.Entry> entries =
                Catalogue.entries(Texts.ofProblems(LessonOptions.readable(language, context)), servers.major(context));
        if (json) {
            terminal.json(entries);
            return Exit.OK;
        }
        TextTable table = new TextTable("Problem", "What it is");
        entries.forEach(entry -> table.row(
                entry.id(),
                entry.title() + (entry.notShown().isEmpty() ? "" : " (not here: " + entry.notShown() + ")")));
        List<String> lines = table.lines(terminal.width());
        terminal.out().println(terminal.bold(lines.get(0)));
        lines.subList(1, lines.size()).forEach(terminal.out()::println);
        return Exit.OK;
    }
}
