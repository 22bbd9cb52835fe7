package org.pgminicluster.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.pgminicluster.cluster.MiniCluster;
import org.pgminicluster.lab.practice.LessonNode;
import org.pgminicluster.lab.practice.PracticeLesson;
import org.pgminicluster.server.ServerKind;
import org.pgminicluster.server.ServerSettings;
import org.pgminicluster.server.container.ContainerServers;

/** The majors that a lesson takes beside the one that was asked for. */
final class LessonMajors {

    /** Taken first, since it is far from the oldest that people still leave, and from the newest. */
    private static final int USUAL = 16;

    private static final int NEWEST = 18;

    private LessonMajors() {}

    /**
     * The major of nodes that are to be newer; null if there are none.
     *
     * @throws CommandException if there are no servers of a newer one, or of one that the lesson names
     */
    static @Nullable String newer(PracticeLesson lesson, ServerSettings settings, Context context) {
        int asked = settings.major().orElse(0);
        if (asked > 0 && asked < lesson.since()) {
            throw CommandException.usage("expected PostgreSQL to be " + lesson.since() + " or later for the lesson "
                    + lesson.name() + ", but was " + settings.postgres() + "; say --pg " + lesson.since());
        }
        boolean processes = MiniCluster.serverKind(settings) == ServerKind.PROCESS;
        for (LessonNode node : lesson.nodes()) {
            Optional<String> named = node.postgres().filter(major -> !major.equals(LessonNode.NEWER));
            if (processes
                    && named.isPresent()
                    && Integer.parseInt(named.get()) != asked
                    && !isThere(named.get(), context)) {
                throw missing(lesson, "PostgreSQL " + named.get(), named.get());
            }
        }
        if (!lesson.needsNewer()) {
            return null;
        }
        List<Integer> wanted = new ArrayList<>();
        Stream.concat(Stream.of(USUAL), IntStream.rangeClosed(10, NEWEST).boxed())
                .filter(major -> asked > 0 && major > asked)
                .forEach(wanted::add);
        Stream<String> there = wanted.stream()
                .map(String::valueOf)
                .filter(major -> processes
                        ? isThere(major, context)
                        : ContainerServers.hasImage(context.settings("container", major)));
        // An image that is not there may still be pulled.
        Stream<String> pulled = processes ? Stream.of() : wanted.stream().map(String::valueOf);
        return Stream.concat(there, pulled)
                .findFirst()
                .orElseThrow(() -> wanted.isEmpty()
                        ? CommandException.usage("expected --pg to be a major before " + NEWEST + " for the lesson "
                                + lesson.name() + ", which goes to a newer one, but was " + settings.postgres()
                                + "; say --pg 13")
                        : missing(lesson, "a PostgreSQL newer than " + asked, String.valueOf(wanted.get(0))));
    }

    /** All of them. */
    static Stream<String> of(LessonWish wish) {
        return wish.choice().lesson().nodes().stream()
                .flatMap(node -> node.postgres().stream())
                .map(major -> major.equals(LessonNode.NEWER) ? String.valueOf(wish.newer()) : major)
                .distinct();
    }

    private static boolean isThere(String major, Context context) {
        return !PostgresBinaries.of(context.settings("", major), PostgresBinaries.repository())
                .isEmpty();
    }

    private static CommandException missing(PracticeLesson lesson, String what, String major) {
        return CommandException.inconclusive(
                "expected binaries of " + what + " to be in Maven's repository for the lesson "
                        + lesson.name() + ", but were not; mvn -q dependency:resolve -Dminicluster.postgres=" + major
                        + " brings them there");
    }
}
