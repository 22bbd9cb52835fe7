package org.pgminicluster.cli;

import java.io.Console;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
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
import org.pgminicluster.lab.check.LessonCheck;
import org.pgminicluster.lab.lesson.Language;
import org.pgminicluster.lab.lesson.Texts;
import org.pgminicluster.lab.practice.LessonTexts;
import org.pgminicluster.lab.practice.PracticeLesson;
import org.pgminicluster.server.Address;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Judges the homework, or another lesson, on servers that somebody has set up. */
@Command(
        name = "check",
        description = "Judge the homework or lesson that you did, point by point.",
        footer = {
            "%nWithout --node it looks at the cluster that is up, and judges the lesson that",
            "this was started for. Passwords come from PGPASSFILE, ~/.pgpass, PGPASSWORD, or",
            "are asked for on a terminal.",
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
                    "vm1=postgresql://user@host:port/db; once for each of vm1, vm2, vm3 and, if there is one, vm4,"
                            + " or for each node of the lesson.")
    private List<String> nodes = List.of();

    @Option(
            names = "--lesson",
            paramLabel = "NAME",
            description = "A lesson's name or its file; else the one that is practised, or the homework.")
    private @Nullable String lesson;

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
        Language readable = LessonOptions.readable(language, context);
        @Nullable LessonChoice choice = choice();
        Wanted wanted = Wanted.by(choice);
        List<CheckedNode> checked = nodes.isEmpty() ? ofCluster(wanted) : given(wanted);
        RunDirectory.requireWritable(context.settings().directory());
        Texts texts =
                choice == null ? Texts.ofCheck(readable) : LessonTexts.of(choice.lesson(), readable, places(checked));
        CheckResult result = choice == null
                ? new HomeworkCheck(readOnly, node -> ask(node, texts)).run(checked)
                : new LessonCheck(choice.lesson(), readOnly, node -> ask(node, texts)).run(checked);
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
        command.append(lesson == null ? "" : " --lesson " + ShellWord.quoted(lesson));
        nodes.forEach(node -> command.append(" --node ").append(ShellWord.quoted(node)));
        command.append(readOnly ? " --read-only" : "");
        return command.append(language == Language.EN ? "" : " --lang " + language.code())
                .toString();
    }

    /** The lesson that is asked for, or else the one that is practised; null for the homework. */
    private @Nullable LessonChoice choice() {
        if (lesson != null) {
            return LessonChoice.of(lesson);
        }
        ClusterDirectory directory = context.directory();
        return nodes.isEmpty()
                ? directory
                        .state()
                        .map(DaemonState::lesson)
                        .map(name -> LessonChoice.ofCluster(name, directory))
                        .orElse(null)
                : null;
    }

    /** Which nodes there have to be. */
    private record Wanted(
            List<String> names,
            List<String> mayMiss,
            @Nullable String database,
            String needed) {

        static Wanted by(@Nullable LessonChoice choice) {
            if (choice == null) {
                return new Wanted(
                        HomeworkCheck.NODES, List.of(HomeworkCheck.NODES.get(FEWEST)), null, "vm1, vm2 and vm3");
            }
            PracticeLesson lesson = choice.lesson();
            List<String> needed = new ArrayList<>(lesson.nodeNames());
            needed.removeAll(lesson.mayBeDown());
            return new Wanted(lesson.nodeNames(), lesson.mayBeDown(), lesson.database(), String.join(", ", needed));
        }

        /** A lesson's database is the one that is named, if none is named in the address. */
        CheckedNode in(CheckedNode node) {
            return database == null || node.database() != null
                    ? node
                    : new CheckedNode(
                            node.name(),
                            node.address(),
                            node.user(),
                            database,
                            true,
                            node.password(),
                            node.parameters());
        }

        boolean needs(String name) {
            return !mayMiss.contains(name);
        }
    }

    /** What stands in braces in the lesson's texts: on servers of one's own nobody has prepared a login. */
    private Map<String, String> places(List<CheckedNode> checked) {
        Map<String, String> places = new HashMap<>();
        for (CheckedNode node : checked) {
            places.put(node.name() + ".host", node.address().host());
            places.put(node.name() + ".port", Integer.toString(node.address().port()));
            checked.forEach(other -> places.put(
                    other.name() + ".to." + node.name(),
                    "host=" + node.address().host() + " port=" + node.address().port() + " dbname=" + node.database()
                            + " user=ROLE password=..."));
        }
        if (nodes.isEmpty()) {
            try (DaemonClient daemon = DaemonClient.connect(context)) {
                places.putAll(daemon.ask(Places.class, PlacesCommand.NAME));
            }
        }
        return places;
    }

    /** As the daemon tells them. */
    private static final class Places extends HashMap<String, String> {
        private static final long serialVersionUID = 1L;
    }

    private List<CheckedNode> given(Wanted wanted) {
        @Nullable String password = System.getenv("PGPASSWORD");
        List<CheckedNode> given = new ArrayList<>();
        for (String name : wanted.names()) {
            List<CheckedNode> named = nodes.stream()
                    .map(typed -> NodeUrl.read(typed, wanted.names(), password))
                    .filter(node -> node.name().equals(name))
                    .toList();
            if (named.size() > 1) {
                throw CommandException.usage(
                        "expected --node " + name + " to be given once, but was given " + named.size() + " times");
            }
            if (named.isEmpty() && wanted.needs(name)) {
                throw CommandException.usage("expected --node to be given for " + wanted.needed() + ", but " + name
                        + " is missing"
                        + (wanted.mayMiss().isEmpty()
                                ? "; name it, too"
                                : "; " + String.join(", ", wanted.mayMiss()) + " alone may be left out"));
            }
            named.forEach(node -> given.add(wanted.in(node)));
        }
        return given;
    }

    /** The learner's database may have any name. */
    private List<CheckedNode> ofCluster(Wanted wanted) {
        List<RunningCluster.Address> addresses;
        try (DaemonClient daemon = DaemonClient.connect(context)) {
            addresses = List.of(daemon.ask(RunningCluster.Address[].class, AddressesCommand.NAME));
        }
        // There the learner makes the database, under a name of one's own.
        boolean bare = context.directory()
                .state()
                .filter(state -> !state.topology().isSetUp())
                .isPresent();
        List<CheckedNode> found = new ArrayList<>();
        for (String name : wanted.names()) {
            Optional<RunningCluster.Address> address =
                    addresses.stream().filter(it -> it.node().equals(name)).findFirst();
            if (address.isEmpty()) {
                if (wanted.needs(name)) {
                    throw CommandException.inconclusive("expected the cluster that is up to have " + wanted.needed()
                            + ", but has no " + name + "; check other servers with --node");
                }
                continue;
            }
            if (!address.get().running() && !wanted.needs(name)) {
                // The one that may be missing is not there yet.
                continue;
            }
            if (!address.get().running()) {
                throw CommandException.inconclusive(
                        "expected " + name + " to be running when it is checked, but was down;"
                                + " minicluster fault start " + name + " first");
            }
            Address at = new Address(address.get().host(), address.get().port());
            @Nullable String expected = bare ? null : address.get().database();
            found.add(new CheckedNode(
                    name,
                    at,
                    "postgres",
                    wanted.database() == null ? expected : wanted.database(),
                    wanted.database() != null,
                    password(at),
                    Map.of("sslmode", "disable")));
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
