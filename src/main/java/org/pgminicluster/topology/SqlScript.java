package org.pgminicluster.topology;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apiguardian.api.API;

/**
 * A text of one or many SQL statements.
 *
 * @param origin where it came from, for messages
 * @param sql the text
 */
@API(status = API.Status.MAINTAINED)
public record SqlScript(String origin, String sql) {

    private static final String INLINE = "inline";

    /** A text that was given as it is. */
    static SqlScript inline(String sql) {
        if (sql.startsWith("PGDMP")) {
            throw ScriptFile.refusedFormat("a script", "a dump in custom format", ScriptFile.PLAIN);
        }
        return new SqlScript(INLINE, sql);
    }

    /** Whether it was given as it is, and comes from no file. */
    public boolean isInline() {
        return origin.equals(INLINE);
    }

    /** Reads a class path resource or, if there is none of that name, a file. */
    static SqlScript from(String resourceOrFile) {
        ClassLoader loader = Thread.currentThread().getContextClassLoader();
        String resource = resourceOrFile.startsWith("/") ? resourceOrFile.substring(1) : resourceOrFile;
        try (InputStream in = loader.getResourceAsStream(resource)) {
            if (in != null) {
                return new SqlScript(resourceOrFile, ScriptFile.text(resourceOrFile, in.readAllBytes()));
            }
            Path file = Path.of(resourceOrFile);
            if (Files.isRegularFile(file)) {
                return new SqlScript(resourceOrFile, ScriptFile.text(resourceOrFile, Files.readAllBytes(file)));
            }
            if (Files.isRegularFile(file.resolve("toc.dat"))) {
                throw ScriptFile.refusedFormat(
                        "script " + resourceOrFile, "a dump in directory format", ScriptFile.RESTORE);
            }
        } catch (IOException e) {
            throw new InvalidTopologyException("expected script " + resourceOrFile
                    + " to be readable, but reading it failed with " + e + "; check the file");
        }
        throw InvalidTopologyException.expected(
                "script " + resourceOrFile,
                "be on the class path or in the file system",
                "is in neither",
                "put it under src/test/resources or give the file's path");
    }
}
