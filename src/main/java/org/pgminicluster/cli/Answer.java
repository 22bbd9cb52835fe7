package org.pgminicluster.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** The keeper's side of an answer, written while it comes about. Safe for use by several threads. */
final class Answer {

    /** A keeper of another version may say more than this one knows. */
    static final ObjectMapper JSON = new ObjectMapper().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

    private final OutputStream out;

    Answer(OutputStream out) {
        this.out = out;
    }

    void progress(String text) {
        send(new Reply(Reply.Kind.PROGRESS, null, text, null, 0));
    }

    void line(String text) {
        send(new Reply(Reply.Kind.LINE, null, text, null, 0));
    }

    void notice(String text) {
        send(new Reply(Reply.Kind.NOTICE, null, text, null, 0));
    }

    void typed(Typed typed) {
        send(new Reply(Reply.Kind.TYPED, typed.node(), typed.text(), null, 0));
    }

    void data(Object data) {
        JsonNode tree = JSON.valueToTree(data);
        send(new Reply(Reply.Kind.DATA, null, null, tree, 0));
    }

    void end(int exit) {
        send(new Reply(Reply.Kind.END, null, null, null, exit));
    }

    void error(Throwable failure) {
        @Nullable String message = failure.getMessage();
        send(new Reply(Reply.Kind.ERROR, null, message == null ? failure.toString() : message, null, Exit.of(failure)));
    }

    /**
     * @throws UncheckedIOException if nobody listens any more
     */
    private synchronized void send(Reply reply) {
        try {
            out.write((JSON.writeValueAsString(reply) + "\n").getBytes(StandardCharsets.UTF_8));
            out.flush();
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a reply that JSON cannot hold: " + reply, e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
