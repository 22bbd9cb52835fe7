package org.pgminicluster.cli;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.pgminicluster.MiniClusterException;
import org.pgminicluster.cluster.MiniCluster;
import org.pgminicluster.cluster.Node;
import org.pgminicluster.lab.practice.LessonNode;
import org.pgminicluster.lab.practice.LessonTexts;
import org.pgminicluster.lab.practice.PracticeLesson;
import org.pgminicluster.lab.practice.StartStep;
import org.pgminicluster.session.Session;
import org.pgminicluster.session.SqlFailedException;
import org.pgminicluster.topology.HomeworkTopology;
import org.pgminicluster.topology.NodeSpec;
import org.pgminicluster.topology.Topology;
import org.pgminicluster.wait.Seen;

/** Brings servers into the state that a lesson begins with. */
final class LessonStart {

    private final PracticeLesson lesson;

    LessonStart(PracticeLesson lesson) {
        this.lesson = lesson;
    }

    /** @param newer the major of nodes that are to be newer than the others */
    Topology topology(@Nullable String newer) {
        return switch (lesson.cluster()) {
            case HOMEWORK -> HomeworkTopology.create();
            case STANDBY -> HomeworkTopology.withStandby();
            case NODES -> ownNodes(newer);
        };
    }

    private Topology ownNodes(@Nullable String newer) {
        Topology.Builder all = Topology.named("practice").database(lesson.database());
        for (LessonNode node : lesson.nodes()) {
            if (node.standbyOf().isEmpty()) {
                all.node(node.name(), spec -> describe(spec, node, newer));
            }
        }
        lesson.nodes()
                .forEach(node -> node.standbyOf()
                        .ifPresent(primary -> all.standby(node.name()).of(primary)));
        return all.build();
    }

    private static void describe(NodeSpec.Builder spec, LessonNode node, @Nullable String newer) {
        node.postgres()
                .ifPresent(major -> spec.postgres(major.equals(LessonNode.NEWER) && newer != null ? newer : major));
        node.settings().forEach(spec::setting);
        spec.mayFollow(node.follows().toArray(String[]::new));
    }

    /**
     * Carries out the steps.
     *
     * @param progress is told how far it is, without a word about what is done
     */
    void makeReady(RunningCluster running, Consumer<String> progress) {
        MiniCluster cluster = running.cluster();
        cluster.awaitReplicated();
        List<StartStep> steps = lesson.start();
        for (int i = 0; i < steps.size(); i++) {
            progress.accept("the lesson " + lesson.name() + ": step " + (i + 1) + " of " + steps.size());
            try {
                carryOut(steps.get(i), running);
            } catch (SqlFailedException e) {
                throw failed(i, e.node() + " refused it (" + e.serverMessage() + ")", e);
            } catch (MiniClusterException e) {
                throw failed(i, "it ended with: " + e.getMessage(), e);
            }
        }
    }

    private MiniClusterException failed(int step, String why, MiniClusterException cause) {
        return new MiniClusterException(
                "expected start[" + step + "] of the lesson " + lesson.name() + " to work, but " + why
                        + "; put it right in the lesson",
                cause);
    }

    private void carryOut(StartStep step, RunningCluster running) {
        Map<String, String> places = running.places();
        if (step instanceof StartStep.Sql sql) {
            try (Session session = node(running, sql.node()).session()) {
                sql.statements().forEach(statement -> session.execute(LessonTexts.filled(statement, places)));
            }
        } else if (step instanceof StartStep.Until until) {
            Node node = node(running, until.node());
            running.cluster()
                    .await(
                            until.query() + " on " + node.name() + " to be true",
                            until.atMost(),
                            () -> seen(node, until),
                            node);
        } else if (step instanceof StartStep.Command command) {
            command(command.words(), running);
        }
    }

    private Node node(RunningCluster running, String name) {
        return running.node(name).in(lesson.database());
    }

    private static Seen seen(Node node, StartStep.Until until) {
        String text = node.query(until.query()).values().toString();
        return Seen.of(text.equals("[(t)]"), text);
    }

    private static void command(List<String> words, RunningCluster running) {
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        Terminal terminal = Terminal.elsewhere(
                new Request("", words, 80, false, false, true), OutputStream.nullOutputStream(), said);
        try (DaemonConversation conversation = new DaemonConversation(running)) {
            int exit = conversation.carryOut(new Request("", words, 80, false, false, true), terminal);
            terminal.err().flush();
            if (exit != Exit.OK) {
                throw new MiniClusterException(
                        said.toString(StandardCharsets.UTF_8).strip());
            }
        }
    }
}
