package org.pgminicluster.topology;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What is in the file of a script: SQL in UTF-8, or something else that is refused by its name. */
final class ScriptFile {

    static final String PLAIN = "dump with pg_dump --format=plain";
    static final String RESTORE =
            "make a plain one of it by pg_restore --file=NAME.sql, which takes no server, or " + PLAIN;

    private static final int TAR_MAGIC = 257;
    private static final String COMPRESSED = "decompress it before";
    private static final Pattern ENCODING = Pattern.compile("(?m)^SET client_encoding = '([\\w-]+)';");

    private ScriptFile() {}

    /** @throws InvalidTopologyException if it is not UTF-8, or a dump that only pg_restore reads */
    static String text(String name, byte[] bytes) {
        String what = "script " + name;
        requirePlain(what, bytes);
        String text = new String(bytes, StandardCharsets.UTF_8);
        // The decoder puts it for what it cannot read; else it is there by right.
        if (text.indexOf('\uFFFD') >= 0) {
            requireUtf8(what, bytes);
        }
        return text.startsWith("\uFEFF") ? text.substring(1) : text;
    }

    private static void requirePlain(String what, byte[] bytes) {
        if (begins(bytes, 0, 'P', 'G', 'D', 'M', 'P')) {
            throw refusedFormat(what, "a dump in custom format", RESTORE);
        }
        if (begins(bytes, TAR_MAGIC, 'u', 's', 't', 'a', 'r')) {
            throw refusedFormat(what, "a dump in tar format", RESTORE);
        }
        if (begins(bytes, 0, 0x1F, 0x8B)) {
            throw refusedFormat(what, "compressed by gzip", COMPRESSED);
        }
        if (begins(bytes, 0, 0x28, 0xB5, 0x2F, 0xFD)) {
            throw refusedFormat(what, "compressed by zstd", COMPRESSED);
        }
        if (begins(bytes, 0, 0x04, 0x22, 0x4D, 0x18)) {
            throw refusedFormat(what, "compressed by lz4", COMPRESSED);
        }
        if (begins(bytes, 0, 0xFF, 0xFE) || begins(bytes, 0, 0xFE, 0xFF)) {
            throw refusedFormat(
                    what,
                    "UTF-16, which the > of PowerShell makes of a program's output",
                    "dump with pg_dump --file=NAME.sql, or convert the file");
        }
    }

    static InvalidTopologyException refusedFormat(String what, String found, String advice) {
        return InvalidTopologyException.expected(what, "be plain SQL in UTF-8", "is " + found, advice);
    }

    private static boolean begins(byte[] bytes, int at, int... magic) {
        if (bytes.length < at + magic.length) {
            return false;
        }
        for (int i = 0; i < magic.length; i++) {
            if ((bytes[at + i] & 0xFF) != magic[i]) {
                return false;
            }
        }
        return true;
    }

    private static void requireUtf8(String what, byte[] bytes) {
        CharsetDecoder decoder = StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        ByteBuffer in = ByteBuffer.wrap(bytes);
        CharBuffer out = CharBuffer.allocate(1 << 13);
        CoderResult result = decoder.decode(in, out, true);
        while (result.isOverflow()) {
            out.clear();
            result = decoder.decode(in, out, true);
        }
        if (result.isError()) {
            int line = 1;
            for (byte b : Arrays.copyOf(bytes, in.position())) {
                line += b == '\n' ? 1 : 0;
            }
            Matcher said = ENCODING.matcher(new String(bytes, StandardCharsets.ISO_8859_1));
            String encoding = said.find() ? ", and it says client_encoding " + said.group(1) : "";
            throw refusedFormat(
                    what,
                    "not in line " + line + encoding,
                    "dump again with pg_dump --encoding=UTF8, or convert the file");
        }
    }
}
