package org.pgminicluster.cli;

import java.io.IOException;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;

/**
 * Loads the classes that commands and daemons use, and ends; run by the launcher once for each jar, with a JVM that
 * writes what it has loaded into an archive, which later JVMs map instead of reading and checking it again.
 *
 * @see <a href="https://docs.oracle.com/en/java/javase/17/vm/class-data-sharing.html">Class Data Sharing</a>
 */
final class SharedClasses {

    /** What is left out is used by few commands, or, as Docker's client, for most of its thousands of classes by none. */
    private static final List<String> USED = List.of(
            "org/pgminicluster/",
            "org/postgresql/",
            "org/awaitility/",
            "org/slf4j/",
            "ch/qos/logback/",
            "com/fasterxml/jackson/core/",
            "com/fasterxml/jackson/databind/",
            "picocli/");

    private SharedClasses() {}

    public static void main(String[] arguments) throws IOException {
        loadAll(System.getProperty("java.class.path"), SharedClasses.class.getClassLoader());
        Main.main(new String[] {"--help"});
    }

    private static void loadAll(String jar, ClassLoader loader) throws IOException {
        try (JarFile file = new JarFile(jar)) {
            file.stream()
                    .map(JarEntry::getName)
                    .filter(name -> name.endsWith(".class") && USED.stream().anyMatch(name::startsWith))
                    .forEach(name -> load(name, loader));
        }
    }

    private static void load(String entry, ClassLoader loader) {
        String name = entry.substring(0, entry.length() - ".class".length()).replace('/', '.');
        try {
            Class.forName(name, false, loader);
        } catch (ClassNotFoundException | LinkageError e) {
            // It is for an optional library, which is not in the jar.
        }
    }
}
