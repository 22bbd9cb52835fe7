package org.pgminicluster.cli;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The lesson that {@code practice} tells the daemon to make ready.
 *
 * @param name its name, or that of its file
 * @param file where it is, if it comes from a file
 * @param newer the major of nodes that are to be newer than the others; null if none is
 */
record LessonWish(
        String name, @Nullable String file, @Nullable String newer) {

    /** What is typed to ask for it. */
    String typed() {
        return file == null ? name : file;
    }

    /** It has been read before; the file may have been changed since. */
    LessonChoice choice() {
        LessonChoice choice = file == null ? LessonChoice.of(name) : LessonChoice.ofFile(Path.of(file));
        if (choice == null) {
            throw new IllegalStateException("the homework is no lesson that is data");
        }
        return choice;
    }
}
