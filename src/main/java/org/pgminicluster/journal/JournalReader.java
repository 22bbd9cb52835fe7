package org.pgminicluster.journal;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonStreamContext;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.deser.std.StdScalarDeserializer;
import com.fasterxml.jackson.databind.exc.InvalidFormatException;
import com.fasterxml.jackson.databind.exc.InvalidTypeIdException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BinaryOperator;
import java.util.stream.IntStream;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;
import org.pgminicluster.MiniClusterException;

/** Reads a {@link JournalFile} back. A line that cannot be read is no reason to leave out the others. */
@API(status = API.Status.INTERNAL)
public final class JournalReader {

    /** One for all, since it looks at every kind of event when it is first used. */
    private static final ObjectReader JSON = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .addModule(new SimpleModule().addDeserializer(String.class, new Texts()))
            .build()
            .readerFor(Entry.class);

    private final ObjectReader json;
    private final List<Entry> entries = new ArrayList<>();
    private final List<Long> unreadable = new ArrayList<>();
    private long unknown;

    private JournalReader(BinaryOperator<String> texts) {
        this.json = JSON.withAttribute(Texts.class, texts);
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

        /** Whether entries are missing between those that were read. */
        public boolean hasGaps() {
            return IntStream.range(0, entries.size())
                    .anyMatch(i -> entries.get(i).seq() != i + 1);
        }
    }

    /**
     * Reads all that is there.
     *
     * @throws UncheckedIOException if the file itself cannot be read
     * @throws MiniClusterException if it is of another version
     */
    public static Reading read(Path file) {
        return read(file, (name, text) -> text);
    }

    /**
     * The same, with every text changed on its way.
     *
     * @param texts is given the name of the field that a text is in, and the text
     * @throws UncheckedIOException if the file itself cannot be read
     * @throws MiniClusterException if it is of another version
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
                if (number == 1) {
                    reader.takeHead(file);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Reading(reader.entries, reader.unreadable, reader.unknown);
    }

    /** A first line that cannot be read tells nothing of the version. */
    private void takeHead(Path file) {
        if (entries.isEmpty()) {
            return;
        }
        int version = entries.remove(0).event() instanceof Trace.Head head ? head.version() : 1;
        if (version != JournalFile.VERSION) {
            throw new MiniClusterException("expected " + file + " to be a journal of version " + JournalFile.VERSION
                    + ", but was of version " + version
                    + "; read it with the pg-minicluster that wrote it, or run again what it tells of");
        }
    }

    private void line(long number, String line) {
        try {
            @Nullable Entry entry = json.readValue(line);
            if (entry == null || NullCheck.lacksSomething(entry)) {
                unreadable.add(number);
            } else {
                entries.add(entry);
            }
        } catch (InvalidTypeIdException e) {
            unknown++;
        } catch (InvalidFormatException e) {
            if (e.getTargetType().isEnum()) {
                unknown++;
            } else {
                unreadable.add(number);
            }
        } catch (JsonProcessingException | RuntimeException e) {
            unreadable.add(number);
        }
    }

    private static final class Texts extends StdScalarDeserializer<String> {
        private static final long serialVersionUID = 1L;

        Texts() {
            super(String.class);
        }

        @Override
        public String deserialize(JsonParser parser, DeserializationContext context) throws IOException {
            if (!parser.hasToken(JsonToken.VALUE_STRING)) {
                return String.valueOf(parser.getValueAsString());
            }
            @SuppressWarnings("unchecked")
            BinaryOperator<String> texts = (BinaryOperator<String>) context.getAttribute(Texts.class);
            return texts.apply(nameOf(parser.getParsingContext()), parser.getText());
        }

        /** A text in an array is in the field that the array is in. */
        private static String nameOf(JsonStreamContext place) {
            for (JsonStreamContext at = place; at != null; at = at.getParent()) {
                if (at.getCurrentName() != null) {
                    return at.getCurrentName();
                }
            }
            return "";
        }
    }
}
