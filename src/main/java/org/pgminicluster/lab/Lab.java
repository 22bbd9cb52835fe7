package org.pgminicluster.lab;

import java.io.InputStream;
import java.io.PrintStream;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.BiPredicate;
import org.pgminicluster.EnvironmentException;
import org.pgminicluster.MiniClusterException;
import org.pgminicluster.cluster.MiniCluster;
import org.pgminicluster.cluster.Starter;
import org.pgminicluster.journal.Trace;
import org.pgminicluster.lab.lesson.Lesson;
import org.pgminicluster.lab.lesson.Problem;
import org.pgminicluster.lab.lesson.Texts;
import org.pgminicluster.lab.problems.Problems;
import org.pgminicluster.server.ServerSettings;
import org.pgminicluster.topology.HomeworkTopology;
import org.pgminicluster.topology.Topology;

/**
 * The lab: the homework as a lesson, and the problems that people meet. Each run starts servers of its own, prints what
 * happens while it happens, records it, and takes the servers away.
 */
public final class Lab {

    /** Everything was as expected. */
    public static final int AS_EXPECTED = 0;

    /** Something was not. */
    public static final int NOT_AS_EXPECTED = 1;

    /** This machine, or this major of PostgreSQL, cannot run it. */
    public static final int CANNOT_RUN = 2;

    private Lab() {}

    /**
     * Tells the homework, chapter by chapter, on servers as they are installed.
     *
     * @param in where Enter comes from, if the options ask for a pause
     * @return {@link #AS_EXPECTED}, {@link #NOT_AS_EXPECTED} or {@link #CANNOT_RUN}
     * @throws MiniClusterException if there is no such chapter as the options ask for
     */
    public static int demo(LabOptions options, PrintStream out, InputStream in) {
        Texts homework = Texts.ofHomework(options.language());
        Chapter from = options.from().map(Chapter::of).orElse(Chapter.values()[0]);
        Chapter wanted = options.until().map(Chapter::of).orElse(Chapter.REJOIN);
        if (wanted.compareTo(from) < 0) {
            throw new MiniClusterException("expected the first chapter not to come after the last one, but was "
                    + from.id() + " after " + wanted.id() + "; the order is " + String.join(", ", Chapter.ids()));
        }
        int major = ServerSettings.fromSystemProperties().major().orElse(Problem.FIRST_WITH_STANDBYS);
        Chapter last = major < Problem.FIRST_WITH_STANDBYS ? Chapter.COMPARE : Chapter.REJOIN;
        Chapter until = wanted.compareTo(last) < 0 ? wanted : last;
        out.println(homework.get("intro"));
        if (until != wanted) {
            out.println(homework.get("early", major, homework.get(until.id() + ".title")));
        }
        if (until.compareTo(from) < 0) {
            return CANNOT_RUN;
        }
        if (from.ordinal() > 0) {
            out.println(homework.get("skipped", from.ordinal(), homework.get(from.id() + ".title")));
        }
        return run(
                last == Chapter.REJOIN ? HomeworkTopology.withGuardedStandby() : HomeworkTopology.create(),
                "demo",
                homework.get("title"),
                "mvn -q compile exec:java",
                starter -> starter.asInstalled().withoutDatabase(),
                options,
                out,
                (cluster, console) -> new HomeworkLesson(
                                new Telling(cluster, homework, Pause.of(options, in, out), console), from, until)
                        .tell());
    }

    /** The chapters of the homework in order, as {@link LabOptions#chapters} takes them. */
    public static List<String> chapters() {
        return Chapter.ids();
    }

    /** The problems, in the order in which people meet them. */
    public static List<Problem> problems() {
        return Problems.all();
    }

    /** The problem of that id, if there is one. */
    public static Optional<Problem> problem(String id) {
        return problems().stream().filter(problem -> problem.id().equals(id)).findFirst();
    }

    /**
     * Makes a problem happen, cures it and proves the cure.
     *
     * @param in where Enter comes from, if the options ask for a pause
     * @return {@link #AS_EXPECTED}, {@link #NOT_AS_EXPECTED} or {@link #CANNOT_RUN}
     */
    public static int run(Problem problem, LabOptions options, PrintStream out, InputStream in) {
        Texts problems = Texts.ofProblems(options.language());
        OptionalInt major = ServerSettings.fromSystemProperties().major();
        Optional<String> whyNot = major.isPresent() ? problem.whyNot(major.getAsInt(), problems) : Optional.empty();
        if (whyNot.isPresent()) {
            out.println(Texts.ofLab(options.language()).get("end.major", problem.id(), major.getAsInt(), whyNot.get()));
            return CANNOT_RUN;
        }
        out.printf("%s: %s%n", problem.id(), problems.get(problem.id() + ".title"));
        Runnable pause = Pause.of(options, in, out);
        return run(
                problem.topology(),
                problem.id(),
                problems.get(problem.id() + ".title"),
                "minicluster run " + problem.id(),
                starter -> starter.unsynced().traced(),
                options,
                out,
                (cluster, console) -> new Lesson(cluster, problem, options.language(), pause).tell());
    }

    @FunctionalInterface
    private interface Start {
        Starter with(Starter starter);
    }

    private static int run(
            Topology topology,
            String name,
            String title,
            String repeat,
            Start start,
            LabOptions options,
            PrintStream out,
            BiPredicate<MiniCluster, Console> tell) {
        Texts lab = Texts.ofLab(options.language());
        Console console = new Console(out, options.language());
        options.journal().onEntry(console::print);
        options.journal()
                .add(
                        null,
                        new Trace.Run(
                                title,
                                repeat,
                                Instant.now().truncatedTo(ChronoUnit.SECONDS).toString(),
                                options.language().code()));
        Starter starter =
                MiniCluster.of(topology).name(options.name().orElse(name)).journal(options.journal());
        try (MiniCluster cluster = start.with(starter).start()) {
            boolean asExpected = told(cluster, console, tell);
            out.printf("%n%s%n", lab.get(asExpected ? "end.expected" : "end.unexpected"));
            return asExpected ? AS_EXPECTED : NOT_AS_EXPECTED;
        } catch (EnvironmentException e) {
            out.printf("%n%s%n", lab.get("end.environment", String.valueOf(e.getMessage())));
            return CANNOT_RUN;
        } catch (MiniClusterException e) {
            out.printf("%n%s%n", lab.get("end.failed", String.valueOf(e.getMessage())));
            return NOT_AS_EXPECTED;
        }
    }

    /** What ends a lesson before its end is in its journal too. */
    private static boolean told(MiniCluster cluster, Console console, BiPredicate<MiniCluster, Console> tell) {
        try {
            return tell.test(cluster, console);
        } catch (RuntimeException | Error e) {
            cluster.journal().add(null, Trace.BrokenOff.by(e));
            throw e;
        }
    }
}
