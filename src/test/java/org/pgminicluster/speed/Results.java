package org.pgminicluster.speed;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** Collects what is measured, as it will stand in bench.json, and says how far it is. */
final class Results {

    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    private final ObjectNode root = JSON.createObjectNode();
    private final long begun = System.nanoTime();

    void progress(String text) {
        System.out.printf(Locale.ROOT, "%5.0f s  %s%n", (System.nanoTime() - begun) / 1e9, text);
    }

    /** What a reader of the figures must know; it is said at once, too. */
    void note(String text) {
        progress("NOTE: " + text);
        array("notes").add(text);
    }

    ObjectNode root() {
        return root;
    }

    ObjectNode object(String name) {
        return root.withObjectProperty(name);
    }

    ArrayNode array(String name) {
        return root.withArrayProperty(name);
    }

    void put(String name, double value) {
        put(root, name, value);
    }

    /** Rounded to thousandths: what is behind them is noise. */
    static void put(ObjectNode into, String name, double value) {
        into.put(name, Math.round(value * 1000) / 1000.0);
    }

    static JsonNode json(Phases phases) {
        ObjectNode node = JSON.createObjectNode();
        put(node, "start", phases.start());
        put(node, "converge", phases.converge());
        put(node, "close", phases.close());
        return node;
    }

    void writeTo(Path file) throws IOException {
        Files.createDirectories(file.toAbsolutePath().getParent());
        JSON.writeValue(file.toFile(), root);
    }

    static JsonNode read(Path file) throws IOException {
        return JSON.readTree(file.toFile());
    }
}
