package org.pgminicluster.cli;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;
import org.pgminicluster.EnvironmentException;
import org.pgminicluster.MiniClusterException;

/** A file or a directory that is made beside its place, and is taken away unless it has come there. */
final class HalfMade implements AutoCloseable {

    private final Path place;
    private final Path part;

    private HalfMade(Path place) {
        this.place = place;
        this.part = place.resolveSibling(place.getFileName() + ".part");
    }

    /**
     * @param option that names the place
     * @throws CommandException if something is there, or nothing can be
     */
    static HalfMade at(Path place, String option) {
        if (Files.exists(place)) {
            throw CommandException.usage("expected " + place + " to be a place where nothing is yet, but was a "
                    + (Files.isDirectory(place) ? "directory" : "file") + "; name another with " + option);
        }
        Path directory = place.getParent();
        if (directory == null || !Files.isDirectory(directory)) {
            throw CommandException.usage("expected " + place + " to be in a directory that is there, but was not; make"
                    + " it, or name another with " + option);
        }
        HalfMade made = new HalfMade(place);
        made.close();
        return made;
    }

    /** Where to make it. */
    Path part() {
        return part;
    }

    /** It is whole, unless whoever wanted it has gone meanwhile. */
    void done(Terminal terminal) {
        requireWanted(terminal);
        try {
            Files.move(part, place);
        } catch (IOException e) {
            throw new EnvironmentException("expected " + place + " to be writable, but was not (" + e + ")", e);
        }
    }

    /** Somebody has pressed Ctrl-C, or the terminal is closed. */
    static void requireWanted(Terminal terminal) {
        // Twice, since the first that is sent to somebody who has gone is taken all the same.
        if (terminal.lost().isPresent() || terminal.lost().isPresent()) {
            throw CommandException.unread();
        }
    }

    long bytes() {
        long[] bytes = {0};
        try {
            Files.walkFileTree(place, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                    bytes[0] += attributes.size();
                    return FileVisitResult.CONTINUE;
                }
            });
            return bytes[0];
        } catch (IOException e) {
            throw new EnvironmentException("expected " + place + " to be readable, but was not (" + e + ")", e);
        }
    }

    @Override
    public void close() {
        try {
            if (Files.exists(part)) {
                Files.walkFileTree(part, new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                        Files.delete(file);
                        return FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException e)
                            throws IOException {
                        Files.delete(directory);
                        return FileVisitResult.CONTINUE;
                    }
                });
            }
        } catch (IOException e) {
            throw new MiniClusterException("could not delete " + part + ": " + e, e);
        }
    }
}
