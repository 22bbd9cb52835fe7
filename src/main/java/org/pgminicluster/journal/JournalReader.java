package org.pgminicluster.journal;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.exc.InvalidTypeIdException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BinaryOperator;

/** Reads a {@link JournalFile} back. A line that cannot be read is no reason to leave out the others. */
public final class JournalReader {

    private static final ObjectMapper JSON = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private final BinaryOperator<String> texts;
    private final List<Entry> entries = new ArrayList<>();
    private final List<Long> unreadable = new ArrayList<>();
    private long unknown;

    private JournalReader(BinaryOperator<String> texts) {
        this.texts = texts;
    }

    /**
     * What could be read.
     *
     * @param entries in the file's order
     * @param unreadable the numbers of the lines, from 1, that hold no entry
     * @param unknown how many entries are of a kind that this version does not know
     */
    public record Reading(List<Entry> entries, List<Long> unreadable, long unknown) {
        public Reading {
            entries = List.copyOf(entries);
            unreadable = List.copyOf(unreadable);
        }
    }

    /**
     * Reads all that is there.
     *
     * @throws UncheckedIOException if the file itself cannot be read
     */
    public static Reading read(Path file) {
        return read(file, (name, text) -> text);
    }

    /**
     * The same, with every text changed on its way.
     *
     * @param texts is given the name of the field that a text is in, and the text
     * @throws UncheckedIOException if the file itself cannot be read
     */
    public static Reading read(Path file, BinaryOperator<String> texts) {
        JournalReader reader = new JournalReader(texts);
        // Not Files.newBufferedReader: that throws on bytes that are no letters, and a torn file may hold such.
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(Files.newInputStream(file), StandardCharsets.UTF_8))) {
            long number = 0;
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                number++;
                if (!line.isBlank()) {
                    reader.line(number, line);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Reading(reader.entries, reader.unreadable, reader.unknown);
    }

    private void line(long number, String line) {
        try {
            JsonNode tree = JSON.readTree(line);
            if (!tree.path("event").isObject()) {
                unreadable.add(number);
                return;
            }
            change(tree, "");
            Entry entry = JSON.treeToValue(tree, Entry.class);
            if (isWhole(entry)) {
                entries.add(entry);
            } else {
                unreadable.add(number);
            }
        } catch (InvalidTypeIdException e) {
            unknown++;
        } catch (JsonProcessingException | RuntimeException e) {
            unreadable.add(number);
        }
    }

    /** Jackson leaves what is missing null, whatever the record says. */
    private static boolean isWhole(Entry entry) {
        return !NullCheck.lacksSomething(entry.event());
    }

    private void change(JsonNode node, String name) {
        if (node instanceof ObjectNode object) {
            for (Map.Entry<String, JsonNode> field : object.properties()) {
                if (field.getValue() instanceof TextNode text) {
                    field.setValue(changed(field.getKey(), text));
                } else {
                    change(field.getValue(), field.getKey());
                }
            }
        } else if (node instanceof ArrayNode array) {
            for (int i = 0; i < array.size(); i++) {
                if (array.get(i) instanceof TextNode text) {
                    array.set(i, changed(name, text));
                } else {
                    change(array.get(i), name);
                }
            }
        }
    }

    private TextNode changed(String name, TextNode text) {
        return TextNode.valueOf(texts.apply(name, text.textValue()));
    }
}
