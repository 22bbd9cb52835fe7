package org.pgminicluster.server.process;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.pgminicluster.EnvironmentException;
import org.pgminicluster.MiniClusterException;

/** Makes, writes and deletes what lies in directories. */
final class Directories {

    private static final boolean POSIX =
            FileSystems.getDefault().supportedFileAttributeViews().contains("posix");

    private Directories() {}

    /**
     * Makes the directory if it is not there.
     *
     * @param what such as "the log directory"
     * @param property the system property that chooses it
     */
    static void make(Path directory, String what, String property) {
        try {
            Files.createDirectories(directory);
            Files.delete(Files.createTempFile(directory, ".writable", ""));
        } catch (IOException e) {
            throw unwritable(directory, what, property, e);
        }
    }

    static EnvironmentException unwritable(Path directory, String what, String property, IOException e) {
        return new EnvironmentException(
                "expected " + what + " " + directory + " to be writable, but was not (" + e
                        + "); choose another with -D" + property + "=DIRECTORY",
                e);
    }

    /** Only for its owner where the file system knows owners, else with the permissions that files get there. */
    static FileAttribute<?>[] only(String permissions) {
        if (!POSIX) {
            return new FileAttribute<?>[0];
        }
        Set<PosixFilePermission> set = PosixFilePermissions.fromString(permissions);
        return new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(set)};
    }

    /** As {@code ls} shows them; those that we give where the file system knows none. */
    static String permissions(Path directory) throws IOException {
        return POSIX ? PosixFilePermissions.toString(Files.getPosixFilePermissions(directory)) : "rwx------";
    }

    /** Writes a file that is complete as soon as it has its name. */
    static void write(Path file, String text, String permissions) {
        Path beside = file.resolveSibling(file.getFileName() + ".new");
        try {
            Files.deleteIfExists(beside);
            Files.createFile(beside, only(permissions));
            Files.writeString(beside, text);
            Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new MiniClusterException("could not write " + file + ": " + e, e);
        }
    }

    /** Deletes it with all that it contains; that somebody else deletes it at the same time is no error. */
    static void delete(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            Files.deleteIfExists(directory);
            return;
        }
        Files.walkFileTree(directory, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.deleteIfExists(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
                if (e instanceof NoSuchFileException) {
                    return FileVisitResult.CONTINUE;
                }
                throw e;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException e) throws IOException {
                if (e != null && !(e instanceof NoSuchFileException)) {
                    throw e;
                }
                Files.deleteIfExists(visited);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
