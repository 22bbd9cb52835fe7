package org.pgminicluster.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What can be in the file of a script. */
class ScriptFileTest {

    @TempDir
    private Path directory;

    private void refused(byte[] bytes, String found) throws IOException {
        Path file = Files.write(directory.resolve("dump.sql"), bytes);
        assertThatThrownBy(() -> SqlScript.from(file.toString()))
                .isInstanceOf(InvalidTopologyException.class)
                .hasMessage("expected script " + file + " to be plain SQL in UTF-8, but is " + found);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "5047444D50010E | a dump in custom format; make a plain one of it by pg_restore --file=NAME.sql, which takes no server, or dump with pg_dump --format=plain",
                "1F8B08 | compressed by gzip; decompress it before",
                "28B52FFD00 | compressed by zstd; decompress it before",
                "04224D1800 | compressed by lz4; decompress it before",
                "FFFE5300 | UTF-16, which the > of PowerShell makes of a program's output; dump with pg_dump --file=NAME.sql, or convert the file",
            })
    void what_only_another_program_reads_is_refused_by_its_name(String begin, String found) throws IOException {
        refused(HexFormat.of().parseHex(begin), found);
    }

    @Test
    void a_dump_in_tar_format_and_one_in_a_directory() throws IOException {
        byte[] tar = new byte[512];
        System.arraycopy("toc.dat".getBytes(StandardCharsets.US_ASCII), 0, tar, 0, 7);
        System.arraycopy("ustar".getBytes(StandardCharsets.US_ASCII), 0, tar, 257, 5);
        String advice = "; make a plain one of it by pg_restore --file=NAME.sql, which takes no server, or dump with"
                + " pg_dump --format=plain";
        refused(tar, "a dump in tar format" + advice);

        Files.write(directory.resolve("toc.dat"), new byte[1]);
        assertThatThrownBy(() -> SqlScript.from(directory.toString()))
                .hasMessage("expected script " + directory
                        + " to be plain SQL in UTF-8, but is a dump in directory format" + advice);
    }

    @Test
    void a_text_in_custom_format() {
        assertThatThrownBy(() -> Topology.named("x").schema("PGDMP..."))
                .isInstanceOf(InvalidTopologyException.class)
                .hasMessage(
                        "expected a script to be plain SQL in UTF-8, but is a dump in custom format; dump with pg_dump"
                                + " --format=plain");
    }

    @Test
    void another_encoding_is_refused_with_its_line_and_what_it_says_of_itself() throws IOException {
        String rows = "SELECT 1;\n".repeat(5000);
        Charset latin1 = StandardCharsets.ISO_8859_1;
        String advice = "; dump again with pg_dump --encoding=UTF8, or convert the file";

        refused((rows + "SELECT 'Straße';\n").getBytes(latin1), "not in line 5001" + advice);
        refused(
                ("SET client_encoding = 'LATIN1';\n" + rows + "-- ü").getBytes(latin1),
                "not in line 5002, and it says client_encoding LATIN1" + advice);
        byte[] cut = "SELECT 'ü".getBytes(StandardCharsets.UTF_8);
        refused(Arrays.copyOf(cut, cut.length - 1), "not in line 1" + advice);
    }

    @Test
    void a_byte_order_mark_is_no_part_of_it_and_a_replacement_character_may_be() throws IOException {
        Path file = Files.writeString(directory.resolve("x.sql"), "\uFEFFSELECT '\uFFFD'");

        assertThat(SqlScript.from(file.toString()).sql()).isEqualTo("SELECT '\uFFFD'");
        assertThat(SqlScript.from(file.toString()).isInline()).isFalse();
        assertThat(SqlScript.inline("").isInline()).isTrue();
    }
}
