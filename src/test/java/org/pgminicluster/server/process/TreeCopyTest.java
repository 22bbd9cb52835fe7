package org.pgminicluster.server.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TreeCopyTest {

    private static final int BLOCK = 1 << 18;

    @TempDir
    private Path directory;

    private Path source;
    private Path target;

    @BeforeEach
    void names() throws IOException {
        source = Files.createDirectory(directory.resolve("source"));
        target = directory.resolve("target");
    }

    @Test
    void copies_files_and_empty_directories() throws Exception {
        Files.createDirectories(source.resolve("a/b"));
        Files.createDirectory(source.resolve("empty"));
        Files.writeString(source.resolve("a/b/file"), "text");
        Files.createFile(source.resolve("nothing"));

        TreeCopy.Tree copied = TreeCopy.copy(source, target);

        assertThat(target.resolve("a/b/file")).hasContent("text");
        assertThat(target.resolve("empty")).isEmptyDirectory();
        assertThat(target.resolve("nothing")).isEmptyFile();
        assertThat(copied).isEqualTo(TreeCopy.look(source)).isEqualTo(TreeCopy.look(target));
        assertThat(copied.content().files()).isEqualTo(2);
        assertThat(copied.content().bytes()).isEqualTo(4);
    }

    @Test
    void zeros_at_the_start_in_the_middle_and_at_the_end_are_the_same_in_the_copy() throws Exception {
        byte[] bytes = new byte[6 * BLOCK];
        Arrays.fill(bytes, BLOCK, BLOCK + 10, (byte) 1);
        Arrays.fill(bytes, 3 * BLOCK, 3 * BLOCK + 10, (byte) 2);
        Files.write(source.resolve("wal"), bytes);
        Files.write(source.resolve("zeros"), new byte[2 * BLOCK]);
        Files.write(source.resolve("odd"), new byte[BLOCK + 1]);

        TreeCopy.copy(source, target);

        assertThat(target.resolve("wal")).hasBinaryContent(bytes);
        assertThat(target.resolve("zeros")).hasBinaryContent(new byte[2 * BLOCK]);
        assertThat(target.resolve("odd")).hasBinaryContent(new byte[BLOCK + 1]);
    }

    @Test
    void one_changed_byte_one_renamed_and_one_missing_file_are_seen() throws Exception {
        Files.writeString(source.resolve("a"), "text");
        Files.writeString(source.resolve("b"), "more");
        TreeCopy.Content before = TreeCopy.look(source).content();

        Files.writeString(source.resolve("a"), "tExt");
        assertThat(TreeCopy.look(source).content()).isNotEqualTo(before);
        Files.writeString(source.resolve("a"), "text");
        assertThat(TreeCopy.look(source).content()).isEqualTo(before);
        Files.writeString(source.resolve("a"), "more");
        Files.writeString(source.resolve("b"), "text");
        assertThat(TreeCopy.look(source).content()).isNotEqualTo(before);
        Files.writeString(source.resolve("a"), "text");
        Files.writeString(source.resolve("b"), "more");
        Files.move(source.resolve("a"), source.resolve("c"));
        assertThat(TreeCopy.look(source).content()).isNotEqualTo(before);
        Files.delete(source.resolve("c"));
        assertThat(TreeCopy.look(source).content()).isNotEqualTo(before);
    }

    @Test
    void never_writes_over_what_is_there() throws Exception {
        Files.createDirectory(target);

        assertThatThrownBy(() -> TreeCopy.copy(source, target)).isInstanceOf(FileAlreadyExistsException.class);
    }
}
