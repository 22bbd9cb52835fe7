package org.pgminicluster.cli;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.pgminicluster.cli.byhand.HandCommand;

/** What a command has to say: lines for people, or values for programs, a line each. */
final class Printer {

    /** What another version has written may say more than this one knows. */
    static final ObjectMapper JSON = new ObjectMapper().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

    private final Terminal terminal;
    private final boolean json;

    Printer(Terminal terminal, boolean json) {
        this.terminal = terminal;
        this.json = json;
    }

    /** For people. */
    void line(String text) {
        if (!json) {
            terminal.out().println(text);
        }
    }

    /** For people, too. */
    void typed(HandCommand command) {
        if (!json) {
            terminal.typed(command);
        }
    }

    /** For programs. */
    void data(Object data) {
        if (json) {
            terminal.json(data);
        }
    }
}
