package org.pgminicluster.lab;

import java.io.InputStream;
import java.io.PrintStream;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Predicate;
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
     * Tells the homework, step by step.
     *
     * @param in where Enter comes from, if the options ask for a pause
     * @return {@link #AS_EXPECTED}, {@link #NOT_AS_EXPECTED} or {@link #CANNOT_RUN}
     */
    public static int demo(LabOptions options, PrintStream out, InputStream in) {
        return demo(HomeworkTopology.create(), "mvn -q compile exec:java", options, out, in);
    }

    /**
     * Tells the homework with its last part: vm4 is a hot standby of vm3, and takes over without loss when vm3 is lost.
     *
     * @param in where Enter comes from, if the options ask for a pause
     * @return {@link #AS_EXPECTED}, {@link #NOT_AS_EXPECTED} or {@link #CANNOT_RUN}
     */
    public static int demoWithStandby(LabOptions options, PrintStream out, InputStream in) {
        return demo(HomeworkTopology.withGuardedStandby(), "minicluster demo --standby", options, out, in);
    }

    private static int demo(Topology topology, String repeat, LabOptions options, PrintStream out, InputStream in) {
        Texts homework = Texts.ofHomework(options.language());
        out.println(homework.get("intro"));
        return run(
                topology,
                "demo",
                homework.get("title"),
                repeat,
                starter -> starter.bare(),
                options,
                out,
                cluster -> new HomeworkLesson(cluster, homework, Pause.of(options, in, out)).tell());
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
                Starter::unsynced,
                options,
                out,
                cluster -> new Lesson(cluster, problem, options.language(), pause).tell());
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
            Predicate<MiniCluster> tell) {
        Texts lab = Texts.ofLab(options.language());
        options.journal().onEntry(new Console(out, options.language())::print);
        options.journal()
                .add(
                        null,
                        new Trace.Run(
                                title,
                                repeat,
                                Instant.now().truncatedTo(ChronoUnit.SECONDS).toString(),
                                options.language().code()));
        Starter starter = MiniCluster.of(topology)
                .name(options.name().orElse(name))
                .journal(options.journal())
                .traced();
        try (MiniCluster cluster = start.with(starter).start()) {
            boolean asExpected = told(cluster, tell);
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
    private static boolean told(MiniCluster cluster, Predicate<MiniCluster> tell) {
        try {
            return tell.test(cluster);
        } catch (RuntimeException | Error e) {
            cluster.journal().add(null, Trace.BrokenOff.by(e));
            throw e;
        }
    }
}
