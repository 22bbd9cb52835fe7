package org.pgminicluster.history;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.pgminicluster.MiniClusterException;

/** Records as JSON, one a line. */
final class JsonLines {

    private static final ObjectMapper JSON = new ObjectMapper();

    private JsonLines() {}

    static List<String> format(List<?> records) {
        return records.stream().map(JsonLines::line).toList();
    }

    private static String line(Object item) {
        try {
            return JSON.writeValueAsString(item);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a record that JSON cannot hold: " + item, e);
        }
    }

    static <T> List<T> parse(List<String> lines, Class<T> type) {
        List<T> records = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            if (!lines.get(i).isBlank()) {
                try {
                    records.add(JSON.readValue(lines.get(i), type));
                } catch (JsonProcessingException e) {
                    throw new MiniClusterException(
                            "expected line " + (i + 1) + " to be a " + type.getSimpleName() + " in JSON, but was \""
                                    + lines.get(i) + "\": " + e.getOriginalMessage(),
                            e);
                }
            }
        }
        return records;
    }

    static <T> List<T> of(List<?> all, Class<T> type) {
        return all.stream().filter(type::isInstance).map(type::cast).toList();
    }

    static <T> T only(List<?> all, Class<T> type, String what) {
        List<T> found = of(all, type);
        if (found.size() != 1) {
            throw new MiniClusterException(
                    "expected " + what + " to have one line that begins it, but has " + found.size());
        }
        return found.get(0);
    }

    static Path write(Path file, List<String> lines) {
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            return Files.write(file, lines);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static List<String> read(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
