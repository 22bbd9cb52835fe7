package org.pgminicluster.lab.check;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.pgminicluster.EnvironmentException;
import org.pgminicluster.server.InParallel;
import org.pgminicluster.session.SqlFailedException;

/** Looks at three servers, or four, and says of every line of the homework whether it is done. */
public final class HomeworkCheck {

    /** A theme of the homework, which may have a point for each of several nodes. */
    private interface Theme extends BiFunction<SeenHomework, Evidence, List<Point>> {}

    private static final List<Theme> THEMES = List.of(
            ServerPoints::of,
            TablePoints::of,
            PublicationPoints::of,
            SubscriptionPoints::cross,
            RowPoints::before,
            GuardPoints::of,
            RowPoints::arrives,
            SubscriptionPoints::collector,
            SlotPoints::of,
            CopyPoints::backup,
            CopyPoints::standby);

    /** What the nodes are called; the last one may be missing. */
    public static final List<String> NODES = SeenHomework.NAMES;

    private final boolean readOnly;
    private final Login login;

    /**
     * @param readOnly whether nothing is to be written, not even what is taken back
     * @param prompt whom to ask for passwords that are wanted and not known
     */
    public HomeworkCheck(boolean readOnly, PasswordPrompt prompt) {
        this.readOnly = readOnly;
        this.login = new Login(prompt);
    }

    /**
     * Looks, and changes nothing that is not changed back.
     *
     * @param nodes vm1, vm2, vm3 and perhaps vm4
     * @throws EnvironmentException in one sentence if it cannot be told, such as when a server cannot be reached
     */
    public CheckResult run(List<CheckedNode> nodes) {
        try (Sessions sessions = new Sessions()) {
            InParallel.map(nodes, node -> sessions.add(login.enter(node)));
            List<Survey> surveys = InParallel.map(nodes, node -> survey(node, sessions));
            requireDifferent(surveys);
            return run(surveys, sessions);
        } catch (SqlFailedException e) {
            throw new EnvironmentException(
                    "expected " + e.node() + " to answer while it was checked, but did not (" + e.serverMessage()
                            + "); check again",
                    e);
        }
    }

    /** What is to be said of what was found. */
    static List<Point> judged(SeenHomework homework, Evidence evidence) {
        return THEMES.stream()
                .flatMap(theme -> theme.apply(homework, evidence).stream())
                .toList();
    }

    private Survey survey(CheckedNode node, Sessions sessions) {
        Login.Entered entered = sessions.way(node.name());
        List<String> databases = Surveyor.databases(entered.session());
        boolean isThere = entered.database().equals(node.database());
        if (isThere || node.isFixed()) {
            return Surveyor.read(node, entered.session(), isThere ? entered.database() : null, databases);
        }
        // Whose name is not known is looked for: the likeliest first, and perhaps it is the one that every server has.
        Optional<String> likeliest = databases.stream().findFirst();
        if (likeliest.isPresent()) {
            Optional<Login.Entered> other = login.enter(entered.node(), likeliest.get());
            if (other.isPresent()) {
                sessions.add(other.get());
                return Surveyor.read(node, other.get().session(), likeliest.get(), databases);
            }
        }
        boolean used = entered.database().equals(Survey.MAINTENANCE) && Surveyor.hasTables(entered.session());
        return Surveyor.read(node, entered.session(), used ? entered.database() : null, databases);
    }

    private static void requireDifferent(List<Survey> surveys) {
        for (Survey one : surveys) {
            List<String> same = surveys.stream()
                    .filter(other -> other.server().isSame(one.server()))
                    .map(Survey::node)
                    .toList();
            if (same.size() > 1) {
                throw new EnvironmentException("expected each node to be a server of its own, but "
                        + String.join(", ", same) + " are the same one (port "
                        + one.server().own().port() + ", started "
                        + one.server().started()
                        + "); look at the addresses");
            }
        }
    }

    private CheckResult run(List<Survey> surveys, Sessions sessions) {
        List<Survey> three = surveys.subList(0, 3);
        Optional<Survey> standby = surveys.stream().skip(3).findFirst();
        Experiments experiments = new Experiments(sessions, new Evidence(readOnly));
        List<Survey> settled = InParallel.map(three, experiments::settled);
        SeenHomework before = new SeenHomework(settled, standby.orElse(null), Map.of());
        tryOut(before, experiments, sessions);
        List<Survey> later = InParallel.map(settled, experiments::again);
        SeenHomework homework = new SeenHomework(later, standby.orElse(null), restarting(settled, later));
        standby.ifPresent(it -> experiments.awaitReplayed(homework.vm3(), it));
        if (!readOnly) {
            experiments.write(homework);
        }
        Evidence evidence = experiments.evidence();
        return new CheckResult(judged(homework, evidence), readOnly, evidence.isWritten());
    }

    /** What does not disturb the other; a row that is written would be in a backup or not. */
    private void tryOut(SeenHomework homework, Experiments experiments, Sessions sessions) {
        List<Runnable> tasks = new ArrayList<>();
        tasks.add(() -> {
            experiments.compare(homework);
            if (!readOnly) {
                experiments.tryGuards(homework);
            }
        });
        if (!readOnly) {
            tasks.add(() -> new BackupTrial(homework, sessions, login).run().ifPresent(experiments.evidence()::backup));
        }
        InParallel.map(tasks, task -> {
            task.run();
            return true;
        });
    }

    /** A worker that fails is started again and again; each has a pid of its own. */
    private static Map<String, List<String>> restarting(List<Survey> before, List<Survey> after) {
        return Stream.iterate(0, i -> i < before.size(), i -> i + 1)
                .collect(Collectors.toMap(i -> before.get(i).node(), i -> {
                    List<String> restarting = new ArrayList<>();
                    after.get(i).subscriptions().stream()
                            .filter(now -> now.enabled()
                                    && before.get(i).subscriptions().stream()
                                            .anyMatch(then -> then.oid() == now.oid()
                                                    && then.enabled()
                                                    && !Objects.equals(then.workerPid(), now.workerPid())))
                            .forEach(now -> restarting.add(now.name()));
                    return restarting;
                }));
    }
}
