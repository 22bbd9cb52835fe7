package org.pgminicluster.cli;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** Keeps what holds rows, statements and passwords from other users, where the file system knows users. */
final class OwnerOnly {

    private static final String DIRECTORY = "rwx------";
    private static final String FILE = "rw-------";

    private OwnerOnly() {}

    /** Makes a directory, or takes one that is there, and closes it to others. */
    static void directory(Path path) throws IOException {
        Files.createDirectories(path);
        permit(path, DIRECTORY);
    }

    /** Makes an empty file that nobody else ever sees into. */
    static void file(Path path) throws IOException {
        if (knowsUsers(path)) {
            Files.createFile(path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(FILE)));
        } else {
            Files.createFile(path);
        }
    }

    /** Closes a file to others that somebody has made. */
    static void made(Path file) throws IOException {
        permit(file, FILE);
    }

    /** The same for the files in a directory, whoever has made them. */
    static void filesIn(Path directory) throws IOException {
        try (DirectoryStream<Path> files =
                Files.newDirectoryStream(directory, file -> Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS))) {
            for (Path file : files) {
                made(file);
            }
        }
    }

    private static void permit(Path path, String permissions) throws IOException {
        if (knowsUsers(path)) {
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(permissions));
        }
    }

    private static boolean knowsUsers(Path path) {
        return path.getFileSystem().supportedFileAttributeViews().contains("posix");
    }
}
