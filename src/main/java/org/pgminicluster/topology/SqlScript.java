package org.pgminicluster.topology;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A text of one or many SQL statements.
 *
 * @param origin where it came from, for messages
 * @param sql the text
 */
public record SqlScript(String origin, String sql) {

    static SqlScript inline(String sql) {
        return new SqlScript("inline", sql);
    }

    /** Reads a class path resource or, if there is none of that name, a file. */
    static SqlScript from(String resourceOrFile) {
        ClassLoader loader = Thread.currentThread().getContextClassLoader();
        String resource = resourceOrFile.startsWith("/") ? resourceOrFile.substring(1) : resourceOrFile;
        try (InputStream in = loader.getResourceAsStream(resource)) {
            if (in != null) {
                return new SqlScript(resourceOrFile, new String(in.readAllBytes(), StandardCharsets.UTF_8));
            }
            Path file = Path.of(resourceOrFile);
            if (Files.isRegularFile(file)) {
                return new SqlScript(resourceOrFile, Files.readString(file));
            }
        } catch (IOException e) {
            throw new InvalidTopologyException("expected schema script " + resourceOrFile
                    + " to be readable UTF-8 text, but reading it failed with " + e + "; check the file");
        }
        throw InvalidTopologyException.expected(
                "schema script " + resourceOrFile,
                "be on the class path or in the file system",
                "is in neither",
                "put it under src/test/resources or give the file's path");
    }
}
