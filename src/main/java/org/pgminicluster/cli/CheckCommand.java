package org.pgminicluster.cli;

import java.io.Console;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.pgminicluster.EnvironmentException;
import org.pgminicluster.cli.byhand.ShellWord;
import org.pgminicluster.lab.check.CheckResult;
import org.pgminicluster.lab.check.CheckedNode;
import org.pgminicluster.lab.check.HomeworkCheck;
import org.pgminicluster.lab.lesson.Language;
import org.pgminicluster.lab.lesson.Texts;
import org.pgminicluster.server.Address;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Judges the homework on servers that somebody has set up. */
@Command(
        name = "check",
        description = "Judge the homework that you did, point by point.",
        footer = {
            "%nWithout --node it looks at the cluster that is up. Passwords come from",
            "PGPASSFILE, ~/.pgpass, PGPASSWORD, or are asked for on a terminal.",
            "",
            "Exits with 1 if a point is open or wrong, with 2 if it cannot be told."
        })
final class CheckCommand implements Callable<Integer> {

    private static final int FEWEST = 3;

    private final Context context;

    @Option(
            names = "--node",
            paramLabel = "NAME=URL",
            description =
                    "vm1=postgresql://user@host:port/db; once for each of vm1, vm2, vm3 and, if there is one, vm4.")
    private List<String> nodes = List.of();

    @Option(names = "--answer", description = "Say what to type, too.")
    private boolean answer;

    @Option(names = "--all", description = "Hints for all points, not for the next steps only.")
    private boolean all;

    @Option(names = "--read-only", description = "Write nothing; some points stay open.")
    private boolean readOnly;

    @Option(names = "--json", description = "As JSON.")
    private boolean json;

    @Option(names = "--lang", paramLabel = "LANG", description = "en or ru; what servers say is never translated.")
    private Language language = Language.EN;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FILE",
            description = "A copy of the report, in Markdown if it ends with .md.")
    private @Nullable Path output;

    CheckCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        Texts texts = Texts.ofCheck(LessonOptions.readable(language, context));
        List<CheckedNode> checked = nodes.isEmpty() ? ofCluster() : given();
        RunDirectory.requireWritable(context.settings().directory());
        CheckResult result = new HomeworkCheck(readOnly, node -> ask(node, texts)).run(checked);
        CheckView view = new CheckView(context.terminal(), texts);
        Path page = report(checked, view.data(result), view.written(result), texts);
        if (json) {
            context.terminal().json(view.data(result).reported(page));
        } else {
            view.lines(result, all || answer, answer).forEach(context.terminal().out()::println);
            context.terminal().out().println();
            context.terminal().out().println(Texts.ofLab(language).get("report", context.shown(page)));
        }
        return result.isDone() ? Exit.OK : Exit.FAILED;
    }

    /** To be handed in. */
    private Path report(List<CheckedNode> checked, CheckView.Data result, String written, Texts texts) {
        CheckRecord record = new CheckRecord(language, texts.get("report.title"), command());
        Path page = record.write(checked, result, written, context.settings().directory());
        return output == null ? page : record.copy(page, output);
    }

    /** As it would be typed again; an address holds no password. */
    private String command() {
        StringBuilder command = new StringBuilder("minicluster check");
        nodes.forEach(node -> command.append(" --node ").append(ShellWord.quoted(node)));
        command.append(readOnly ? " --read-only" : "");
        return command.append(language == Language.EN ? "" : " --lang " + language.code())
                .toString();
    }

    private List<CheckedNode> given() {
        @Nullable String password = System.getenv("PGPASSWORD");
        List<CheckedNode> given = new ArrayList<>();
        for (String name : HomeworkCheck.NODES) {
            List<CheckedNode> named = nodes.stream()
                    .map(typed -> NodeUrl.read(typed, password))
                    .filter(node -> node.name().equals(name))
                    .toList();
            if (named.size() > 1) {
                throw CommandException.usage(
                        "expected --node " + name + " to be given once, but was given " + named.size() + " times");
            }
            if (named.isEmpty() && given.size() < FEWEST) {
                throw CommandException.usage("expected --node to be given for vm1, vm2 and vm3, but " + name
                        + " is missing; vm4 alone may be left out");
            }
            given.addAll(named);
        }
        return given;
    }

    /** The learner's database may have any name. */
    private List<CheckedNode> ofCluster() {
        List<RunningCluster.Address> addresses;
        try (DaemonClient daemon = DaemonClient.connect(context)) {
            addresses = List.of(daemon.ask(RunningCluster.Address[].class, AddressesCommand.NAME));
        }
        List<CheckedNode> found = new ArrayList<>();
        for (String name : HomeworkCheck.NODES) {
            Optional<RunningCluster.Address> address =
                    addresses.stream().filter(it -> it.node().equals(name)).findFirst();
            if (address.isEmpty()) {
                if (found.size() < FEWEST) {
                    throw CommandException.inconclusive(
                            "expected the cluster that is up to have vm1, vm2 and vm3, but has no " + name
                                    + "; check other servers with --node");
                }
                continue;
            }
            if (!address.get().running() && found.size() == FEWEST) {
                // The one that may be missing is not there yet.
                continue;
            }
            if (!address.get().running()) {
                throw CommandException.inconclusive(
                        "expected " + name + " to be running when it is checked, but was down;"
                                + " minicluster fault start " + name + " first");
            }
            Address at = new Address(address.get().host(), address.get().port());
            found.add(new CheckedNode(
                    name, at, "postgres", address.get().database(), false, password(at), Map.of("sslmode", "disable")));
        }
        return found;
    }

    /** As this program has written it: host, any port, any database, user and password. */
    private @Nullable String password(Address address) {
        Path passfile = context.directory().passfile();
        String begin = address.host() + ":*:*:postgres:";
        try {
            return Files.readAllLines(passfile).stream()
                    .filter(line -> line.startsWith(begin))
                    .map(line -> line.substring(begin.length()))
                    .findFirst()
                    .orElse(null);
        } catch (IOException e) {
            throw new EnvironmentException(
                    "expected " + passfile + " to be readable, but was not (" + e + "); look at its rights", e);
        }
    }

    private Optional<String> ask(CheckedNode node, Texts texts) {
        @Nullable Console console = context.terminal().isTypedIn() ? System.console() : null;
        if (console == null) {
            return Optional.empty();
        }
        char @Nullable [] typed = console.readPassword("%s ", texts.get("prompt", node.user(), node.name()));
        return typed == null ? Optional.empty() : Optional.of(new String(typed));
    }
}
