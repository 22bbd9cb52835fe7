package org.pgminicluster.server.process;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Puts a copy of a directory back into the state in which it was made. A file is taken for changed by its change time,
 * which nobody can set, and which writing it, its permissions and its owner all advance.
 */
final class TreeRestore extends SimpleFileVisitor<Path> {

    private static final String CHANGED = "unix:ctime";
    private static final String PERMISSIONS = "rwx------";

    /** File systems count in ticks of the system, of 10 ms at most. */
    private static final Duration TICKS = Duration.ofMillis(20);

    /**
     * When a copy was as it was made.
     *
     * @param changed as the file system under it counts, by a clock that can be put back
     * @param nanos by the one that cannot
     */
    record Moment(FileTime changed, long nanos) {

        private boolean isBefore(FileTime time) {
            return changed.compareTo(time) <= 0;
        }

        private boolean clockWasPutBack(Moment later) {
            Duration counted = Duration.between(changed.toInstant(), later.changed.toInstant());
            return counted.plus(TICKS).minusNanos(later.nanos - nanos).isNegative();
        }
    }

    private final TreeCopy.Tree tree;
    private final Path copy;
    private final Moment since;
    private final Set<String> kept = new HashSet<>();
    private boolean strange;

    private TreeRestore(TreeCopy.Tree tree, Path copy, Moment since) {
        this.tree = tree;
        this.copy = copy;
        this.since = since;
    }

    /**
     * Now, as the file system under a directory counts.
     *
     * @throws UnsupportedOperationException if it does not know when a file was changed
     */
    static Moment now(Path beside) throws IOException {
        Path mark = Files.createTempFile(beside, "moment", "");
        try {
            return new Moment((FileTime) Files.getAttribute(mark, CHANGED), System.nanoTime());
        } catch (IllegalArgumentException e) {
            throw new UnsupportedOperationException(e);
        } finally {
            Files.delete(mark);
        }
    }

    /**
     * @param source what was copied
     * @param tree what was in it
     * @return false if it cannot be restored by this; then it is half done
     */
    static boolean restore(Path source, TreeCopy.Tree tree, Path copy, Moment since) throws IOException {
        if (since.clockWasPutBack(now(copy))) {
            return false;
        }
        TreeRestore restore = new TreeRestore(tree, copy, since);
        Files.walkFileTree(copy, restore);
        return !restore.strange && restore.complete(source);
    }

    private String name(Path path) {
        return copy.relativize(path).toString();
    }

    @Override
    public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) throws IOException {
        String name = name(directory);
        if (!tree.directories().contains(name)) {
            Directories.delete(directory);
            return FileVisitResult.SKIP_SUBTREE;
        }
        strange |= !Directories.permissions(directory).equals(PERMISSIONS);
        kept.add(name);
        return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
        String name = name(file);
        TreeCopy.Entry entry = tree.files().get(name);
        if (entry != null
                && attributes.isRegularFile()
                && attributes.size() == entry.size()
                && !since.isBefore((FileTime) Files.getAttribute(file, CHANGED))) {
            kept.add(name);
        } else {
            Files.delete(file);
        }
        return FileVisitResult.CONTINUE;
    }

    private boolean complete(Path source) throws IOException {
        for (String directory : tree.directories()) {
            if (!kept.contains(directory)) {
                Files.createDirectory(copy.resolve(directory), Directories.only(PERMISSIONS));
            }
        }
        for (Map.Entry<String, TreeCopy.Entry> file : tree.files().entrySet()) {
            String name = file.getKey();
            if (!kept.contains(name)
                    && !TreeCopy.file(source.resolve(name), copy.resolve(name)).equals(file.getValue())) {
                // The template was damaged since; whoever copies all of it will find out.
                return false;
            }
        }
        return true;
    }
}
