package org.pgminicluster.cli;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/**
 * A part of the keeper's answer, one JSON object on a line; the last one is an {@code END} or an {@code ERROR}.
 *
 * @param kind what it is
 * @param node for {@code TYPED}: the node at whose prompt it is typed, or null for a shell
 * @param text what to show
 * @param data for {@code DATA}: what a program would read
 * @param exit for {@code END} and {@code ERROR}: the exit code
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record Reply(
        Kind kind,
        @Nullable String node,
        @Nullable String text,
        @Nullable JsonNode data,
        int exit) {

    enum Kind {
        /** How far it is, for who looks on. */
        PROGRESS,
        /** A line of the answer. */
        LINE,
        /** A line that a server says besides its answer. */
        NOTICE,
        /** What a person would have typed. */
        TYPED,
        /** The answer for programs. */
        DATA,
        ERROR,
        END
    }

    String shown() {
        return text == null ? "" : text;
    }
}
