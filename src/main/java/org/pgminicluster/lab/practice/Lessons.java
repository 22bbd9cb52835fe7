package org.pgminicluster.lab.practice;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.pgminicluster.MiniClusterException;

/** The lessons that come with the program. The homework is none of them: it is judged by code of its own. */
public final class Lessons {

    private static final List<String> NAMES = List.of("stuck", "slot", "lost-rows", "failover", "upgrade");

    private Lessons() {}

    /** Their names, the easy ones first. */
    public static List<String> names() {
        return NAMES;
    }

    /**
     * The text of one.
     *
     * @throws MiniClusterException if there is none of that name
     */
    public static String text(String name) {
        if (!NAMES.contains(name)) {
            throw new MiniClusterException("expected the lesson to be one of " + String.join(", ", NAMES)
                    + ", but was \"" + name + "\"; choose one of them");
        }
        try (InputStream in = Lessons.class.getResourceAsStream(name + ".json")) {
            if (in == null) {
                throw new IllegalStateException("no " + name + ".json beside " + Lessons.class.getName());
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** One of them, read. */
    public static PracticeLesson named(String name) {
        return LessonReader.read(name, name + ".json", text(name));
    }
}
