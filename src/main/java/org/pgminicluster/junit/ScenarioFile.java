package org.pgminicluster.junit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Collection;
import java.util.List;
import java.util.function.UnaryOperator;

/** {@code scenarios.json}: the results of one run, which several test JVMs may add to. */
final class ScenarioFile {

    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(SerializationFeature.INDENT_OUTPUT)
            .enable(SerializationFeature.WRITE_ENUMS_USING_TO_STRING)
            .enable(DeserializationFeature.READ_ENUMS_USING_TO_STRING)
            .build();

    private final Path file;

    ScenarioFile(Path directory) {
        this.file = directory.resolve("scenarios.json");
    }

    Path path() {
        return file;
    }

    /**
     * Says that a part of a run begins, so that its results are missed if it never ends; those of an earlier run go.
     *
     * @throws UncheckedIOException if it cannot be written
     */
    void begin(String run, String part) {
        change(run, results -> results.begun(part));
    }

    /**
     * Adds the results of a part to those of the same run; those of an earlier run go.
     *
     * @return all that the file holds now
     * @throws UncheckedIOException if it cannot be written
     */
    ScenarioResults end(String run, String part, Collection<ScenarioResult> further) {
        return change(run, results -> results.ended(part, further));
    }

    /** Whoever reads the file meanwhile sees it as it was before or as it is after. */
    private ScenarioResults change(String run, UnaryOperator<ScenarioResults> change) {
        try {
            Files.createDirectories(file.getParent());
            // Closing the channel releases the lock.
            try (FileChannel channel = FileChannel.open(
                    file.resolveSibling(file.getFileName() + ".lock"),
                    StandardOpenOption.CREATE,
                    StandardOpenOption.WRITE)) {
                channel.lock();
                ScenarioResults merged = change.apply(ofRun(run));
                Path whole = Files.createTempFile(file.getParent(), "scenarios", ".json");
                JSON.writeValue(whole.toFile(), merged);
                Files.move(whole, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
                return merged;
            }
        } catch (IOException e) {
            throw new UncheckedIOException("could not write " + file, e);
        }
    }

    private ScenarioResults ofRun(String run) throws IOException {
        ScenarioResults none = new ScenarioResults(run, List.of(), List.of());
        if (!Files.exists(file)) {
            return none;
        }
        try {
            ScenarioResults there = JSON.readValue(file.toFile(), ScenarioResults.class);
            return there.run().equals(run) ? there : none;
        } catch (JsonProcessingException e) {
            // An older version's: it cannot be of this run.
            return none;
        }
    }
}
