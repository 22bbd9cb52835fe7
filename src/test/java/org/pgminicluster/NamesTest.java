package org.pgminicluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Files that every system can hold side by side, and classes that a name is enough for. */
class NamesTest {

    private static final Set<String> NOT_OURS = Set.of("target", ".git", ".idea", ".vscode", ".settings");

    /** Of two that do, macOS and Windows keep one and lose the other. */
    @Test
    void no_two_files_have_names_that_differ_by_case_alone() throws IOException {
        assertThat(twice(files(Path.of(".")), file -> file.toString().toLowerCase(Locale.ROOT)))
                .isEmpty();
    }

    @Test
    void no_two_classes_have_the_same_simple_name() throws IOException {
        List<Path> classes = files(Path.of("src/main/java")).stream()
                .filter(file -> !file.endsWith("package-info.java"))
                .toList();

        assertThat(twice(classes, file -> file.getFileName().toString())).isEmpty();
    }

    /** What macOS would take for one file is found here. */
    @Test
    void names_that_differ_by_case_alone_are_found() {
        List<Path> files = List.of(Path.of("a/Failover.java"), Path.of("b/FailOver.java"), Path.of("a/FailOver.java"));

        assertThat(twice(files, file -> file.toString().toLowerCase(Locale.ROOT)))
                .containsExactly(List.of(files.get(0), files.get(2)));
    }

    /** Those that share a key. */
    private static List<List<Path>> twice(List<Path> files, Function<Path, String> key) {
        return files.stream().collect(Collectors.groupingBy(key)).values().stream()
                .filter(same -> same.size() > 1)
                .toList();
    }

    private static List<Path> files(Path root) throws IOException {
        List<Path> files = new ArrayList<>();
        Files.walkFileTree(root, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
                boolean skipped = NOT_OURS.contains(String.valueOf(directory.getFileName()));
                return skipped ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                files.add(file);
                return FileVisitResult.CONTINUE;
            }
        });
        return files;
    }
}
