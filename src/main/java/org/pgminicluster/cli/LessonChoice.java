package org.pgminicluster.cli;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.pgminicluster.MiniClusterException;
import org.pgminicluster.lab.practice.LessonReader;
import org.pgminicluster.lab.practice.Lessons;
import org.pgminicluster.lab.practice.PracticeLesson;

/**
 * A lesson that was asked for, by its name or by its file.
 *
 * @param lesson the lesson, named as the file is if it comes from one
 * @param text what it was read from
 */
record LessonChoice(PracticeLesson lesson, String text) {

    /** The lesson that is no data, and is taken if none is asked for. */
    static final String HOMEWORK = "homework";

    private static final String SUFFIX = ".json";

    /** All names that are known without a file. */
    static List<String> names() {
        List<String> names = new ArrayList<>(List.of(HOMEWORK));
        names.addAll(Lessons.names());
        return names;
    }

    /**
     * The lesson of that name or file; null for the homework.
     *
     * @throws CommandException if there is none, or the file is none
     */
    static @Nullable LessonChoice of(String typed) {
        if (typed.equals(HOMEWORK)) {
            return null;
        }
        if (Lessons.names().contains(typed)) {
            return new LessonChoice(Lessons.named(typed), Lessons.text(typed));
        }
        if (!typed.endsWith(SUFFIX) && !typed.contains("/")) {
            throw Nearest.unknown("the lesson", typed, names());
        }
        return ofFile(Path.of(typed));
    }

    /** @throws CommandException with a sentence for each mistake */
    static LessonChoice ofFile(Path file) {
        Path name = file.getFileName();
        return read(name == null ? file.toString() : name.toString(), file, file.toString());
    }

    /** What the daemon has put down of the lesson of its cluster. */
    static LessonChoice ofCluster(String name, ClusterDirectory directory) {
        return read(name, directory.lessonFile(), directory.lessonFile().toString());
    }

    private static LessonChoice read(String name, Path file, String shown) {
        String text;
        try {
            text = Files.readString(file);
        } catch (CharacterCodingException e) {
            throw CommandException.usage(
                    "expected " + shown + " to be in UTF-8, but was not; save it in that encoding");
        } catch (IOException e) {
            throw CommandException.usage("expected " + shown + " to be a file that can be read, but was not (" + e
                    + "); write a lesson's name or its file");
        }
        try {
            PracticeLesson lesson = LessonReader.read(name, shown, text);
            List<String> wrong = LessonCommands.wrong(lesson, shown);
            if (!wrong.isEmpty()) {
                throw CommandException.usage(String.join("\n", wrong));
            }
            return new LessonChoice(lesson, text);
        } catch (CommandException e) {
            throw e;
        } catch (MiniClusterException e) {
            throw CommandException.usage(String.valueOf(e.getMessage()));
        }
    }
}
