package org.pgminicluster.server.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.JarOutputStream;
import java.util.zip.ZipEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.XZOutputStream;

class ArchiveTest {

    @TempDir
    private Path directory;

    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "it has neither executable bits nor, for most, symbolic links")
    void keeps_what_is_executable_and_symbolic_links() throws Exception {
        Archive archive = archive("bin/postgres");

        archive.unpack(directory.resolve("out"));

        Path out = directory.resolve("out");
        assertThat(out.resolve("bin/postgres")).isExecutable().hasContent("program");
        assertThat(out.resolve("share/text")).hasContent("text");
        assertThat(Files.isExecutable(out.resolve("share/text"))).isFalse();
        assertThat(Files.readSymbolicLink(out.resolve("lib/libpq.so"))).isEqualTo(Path.of("libpq.so.5"));
    }

    @Test
    void refuses_to_write_outside_the_directory() throws Exception {
        Archive archive = archive("../../evil");

        assertThatThrownBy(() -> archive.unpack(directory.resolve("out")))
                .isInstanceOf(IOException.class)
                .hasMessage("expected the archive's entries to be inside it, but was ../../evil");
        assertThat(directory.resolve("evil")).doesNotExist();
    }

    @Test
    void has_the_same_key_in_a_jar_and_outside() throws Exception {
        Archive archive = archive("bin/postgres");
        Path jar = directory.resolve("a.jar");
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar))) {
            out.putNextEntry(new ZipEntry("a.txz"));
            Files.copy(Path.of(archive.url().toURI()), out);
        }

        Archive inJar = new Archive(URI.create("jar:" + jar.toUri() + "!/a.txz").toURL());

        assertThat(inJar.key()).isEqualTo(archive.key()).matches("[0-9a-f]{8}-\\d+");
    }

    private Archive archive(String program) throws IOException {
        Path file = directory.resolve("a.txz");
        try (OutputStream out = Files.newOutputStream(file);
                TarArchiveOutputStream tar = new TarArchiveOutputStream(new XZOutputStream(out, new LZMA2Options(0)))) {
            tar.putArchiveEntry(new TarArchiveEntry("share/"));
            tar.closeArchiveEntry();
            put(tar, new TarArchiveEntry(program), 0755, "program");
            put(tar, new TarArchiveEntry("share/text"), 0644, "text");
            TarArchiveEntry link = new TarArchiveEntry("lib/libpq.so", TarConstants.LF_SYMLINK);
            link.setLinkName("libpq.so.5");
            tar.putArchiveEntry(link);
            tar.closeArchiveEntry();
        }
        return new Archive(file.toUri().toURL());
    }

    private static void put(TarArchiveOutputStream tar, TarArchiveEntry entry, int mode, String text)
            throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        entry.setMode(mode);
        entry.setSize(bytes.length);
        tar.putArchiveEntry(entry);
        tar.write(bytes);
        tar.closeArchiveEntry();
    }
}
