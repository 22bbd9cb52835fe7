package org.pgminicluster.server.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TreeRestoreTest {

    @TempDir
    private Path directory;

    private Path source;
    private Path copy;
    private TreeCopy.Tree tree;
    private TreeRestore.Moment since;

    @FunctionalInterface
    private interface Deed {
        void to(Path copy) throws IOException;
    }

    /** What a server, or a test that breaks one, does to its data. */
    private enum Change {
        NOTHING(copy -> {}),
        A_BYTE(copy -> {
            FileTime before = Files.getLastModifiedTime(copy.resolve("base/1/1255"));
            Files.writeString(copy.resolve("base/1/1255"), "Two");
            Files.setLastModifiedTime(copy.resolve("base/1/1255"), before);
        }),
        MORE(copy -> Files.writeString(copy.resolve("PG_VERSION"), "\n", StandardOpenOption.APPEND)),
        A_NEW_FILE(copy -> Files.writeString(copy.resolve("base/1/9999"), "new")),
        A_FILE_LESS(copy -> Files.delete(copy.resolve("base/1/1255"))),
        A_DATABASE_MORE(copy -> {
            Files.createDirectories(copy.resolve("base/2/deep"));
            Files.writeString(copy.resolve("base/2/deep/file"), "new");
        }),
        A_DATABASE_LESS(copy -> Directories.delete(copy.resolve("base/1"))),
        ANOTHER_FILE_IN_ITS_PLACE(copy -> {
            Files.delete(copy.resolve("PG_VERSION"));
            Files.createDirectory(copy.resolve("PG_VERSION"));
        }),
        A_LINK(copy -> Files.createSymbolicLink(copy.resolve("empty/16400"), copy.getParent())),
        LOCKED(copy -> Files.setPosixFilePermissions(
                copy.resolve("base/1/1255"), PosixFilePermissions.fromString("---------")));

        private final Deed deed;

        Change(Deed deed) {
            this.deed = deed;
        }
    }

    @BeforeEach
    void copy() throws IOException {
        source = directory.resolve("source");
        copy = directory.resolve("copy");
        Files.createDirectories(source.resolve("base/1"));
        Files.createDirectories(source.resolve("empty"));
        Files.writeString(source.resolve("PG_VERSION"), "13\n");
        Files.writeString(source.resolve("base/1/1255"), "one");
        Files.write(source.resolve("wal"), new byte[1 << 20]);
        tree = TreeCopy.copy(source, copy);
        since = TreeRestore.now(directory);
    }

    @ParameterizedTest
    @EnumSource
    void a_copy_is_as_it_was_whatever_was_done_to_it(Change change) throws IOException {
        Map<String, String> before = state(copy);
        change.deed.to(copy);

        assertThat(TreeRestore.restore(source, tree, copy, since)).isTrue();

        assertThat(state(copy)).isEqualTo(before);
        assertThat(TreeCopy.look(copy)).isEqualTo(tree);
    }

    @Test
    void what_was_not_touched_is_not_copied_again() throws IOException {
        // Of the moment that the mark was made in, a file may have been changed after it.
        since = after(since, Duration.ofSeconds(1));
        Object inode = Files.getAttribute(copy.resolve("wal"), "unix:ino");

        assertThat(TreeRestore.restore(source, tree, copy, since)).isTrue();

        assertThat(Files.getAttribute(copy.resolve("wal"), "unix:ino")).isEqualTo(inode);
    }

    @Test
    void when_the_clock_was_put_back_nobody_can_tell_what_was_changed() throws IOException {
        Duration ahead = Duration.ofMillis(100);
        since = new TreeRestore.Moment(after(since, ahead).changed(), since.nanos());
        Files.writeString(copy.resolve("base/1/1255"), "Two");

        assertThat(TreeRestore.restore(source, tree, copy, since)).isFalse();
    }

    @Test
    void a_directory_with_other_permissions_is_not_used_again() throws IOException {
        Files.setPosixFilePermissions(copy.resolve("base"), PosixFilePermissions.fromString("r-x------"));

        assertThat(TreeRestore.restore(source, tree, copy, since)).isFalse();
    }

    @Test
    void a_template_that_was_damaged_since_is_not_taken_from() throws IOException {
        Files.delete(copy.resolve("base/1/1255"));
        Files.writeString(source.resolve("base/1/1255"), "0ne");

        assertThat(TreeRestore.restore(source, tree, copy, since)).isFalse();
    }

    private static TreeRestore.Moment after(TreeRestore.Moment moment, Duration time) {
        return new TreeRestore.Moment(
                FileTime.from(moment.changed().toInstant().plus(time)), moment.nanos() + time.toNanos());
    }

    private static Map<String, String> state(Path directory) throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            return all.collect(
                    Collectors.toMap(path -> directory.relativize(path).toString(), TreeRestoreTest::stateOf));
        }
    }

    private static String stateOf(Path path) {
        try {
            String content = Files.isDirectory(path) ? "directory" : Files.readString(path);
            return Directories.permissions(path) + " " + content;
        } catch (IOException e) {
            return e.toString();
        }
    }
}
