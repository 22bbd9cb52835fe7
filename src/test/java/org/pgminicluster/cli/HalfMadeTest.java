package org.pgminicluster.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is made for somebody comes to its place whole or not at all. */
class HalfMadeTest {

    @TempDir
    Path directory;

    private static Terminal terminal(OutputStream out) {
        return Terminal.elsewhere(
                new Request("", List.of(), 80, false, false, true), out, OutputStream.nullOutputStream());
    }

    private static OutputStream left() {
        return new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException("Broken pipe");
            }

            @Override
            public void flush() throws IOException {
                throw new IOException("Broken pipe");
            }
        };
    }

    private void make(Path part) throws IOException {
        Files.writeString(Files.createDirectories(part).resolve("file"), "12345");
    }

    @Test
    void what_is_whole_is_in_its_place() throws IOException {
        Path place = directory.resolve("place");
        try (HalfMade made = HalfMade.at(place, "-o")) {
            make(made.part());
            made.done(terminal(OutputStream.nullOutputStream()));
            assertThat(made.bytes()).isEqualTo(5);
        }
        assertThat(directory).isDirectoryContaining("glob:**/place");
        assertThat(place.resolve("file")).hasContent("12345");
    }

    @Test
    void nothing_is_left_of_it_when_whoever_wanted_it_has_gone() throws IOException {
        try (HalfMade made = HalfMade.at(directory.resolve("place"), "-o")) {
            make(made.part());
            assertThatThrownBy(() -> made.done(terminal(left()))).isInstanceOf(CommandException.class);
        }
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void nothing_is_left_of_it_when_it_fails() throws IOException {
        try (HalfMade made = HalfMade.at(directory.resolve("place"), "-o")) {
            make(made.part());
        }
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void nothing_that_is_there_is_written_over() throws IOException {
        Path file = Files.writeString(directory.resolve("file"), "mine");
        assertThatThrownBy(() -> HalfMade.at(file, "-o"))
                .hasMessage("expected " + file
                        + " to be a place where nothing is yet, but was a file; name another with -o");
        Path nowhere = directory.resolve("none/file");
        assertThatThrownBy(() -> HalfMade.at(nowhere, "-o"))
                .hasMessage("expected " + nowhere + " to be in a directory that is there, but was not; make it, or name"
                        + " another with -o");
    }
}
