package org.pgminicluster.server.process;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
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

    private final TreeCopy.Tree tree;
    private final Path copy;
    private final FileTime since;
    private final Set<String> kept = new HashSet<>();
    private boolean strange;

    private TreeRestore(TreeCopy.Tree tree, Path copy, FileTime since) {
        this.tree = tree;
        this.copy = copy;
        this.since = since;
    }

    /**
     * The time up to which a copy was as it was made, as the file system under it counts.
     *
     * @throws UnsupportedOperationException if it does not know when a file was changed
     */
    static FileTime now(Path beside) throws IOException {
        Path mark = Files.createTempFile(beside, "moment", "");
        try {
            return (FileTime) Files.getAttribute(mark, CHANGED);
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
    static boolean restore(Path source, TreeCopy.Tree tree, Path copy, FileTime since) throws IOException {
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
                && since.compareTo((FileTime) Files.getAttribute(file, CHANGED)) > 0) {
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
