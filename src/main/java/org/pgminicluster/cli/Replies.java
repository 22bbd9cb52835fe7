package org.pgminicluster.cli;

import java.util.function.Consumer;

/** Prints parts of the keeper's answers. */
final class Replies {

    private Replies() {}

    /** For people. */
    static void print(Reply reply, Terminal terminal) {
        switch (reply.kind()) {
            case TYPED -> terminal.typed(new Typed(reply.node(), reply.shown()));
            case NOTICE -> terminal.err().println(reply.shown());
            case LINE, PROGRESS -> terminal.out().println(reply.shown());
            default -> {}
        }
    }

    /** For programs, one JSON value a line, or for people. */
    static Consumer<Reply> printer(boolean json, Terminal terminal) {
        return reply -> {
            if (!json || reply.kind() == Reply.Kind.NOTICE) {
                print(reply, terminal);
            } else if (reply.kind() == Reply.Kind.DATA) {
                terminal.json(String.valueOf(reply.data()));
            }
        };
    }
}
