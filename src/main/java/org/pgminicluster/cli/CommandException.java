package org.pgminicluster.cli;

import org.pgminicluster.MiniClusterException;

/** A command cannot do what was asked; its message is all that the person is told. */
final class CommandException extends MiniClusterException {

    private static final long serialVersionUID = 1L;

    private final int exit;

    CommandException(int exit, String message) {
        super(message);
        this.exit = exit;
    }

    static CommandException usage(String message) {
        return new CommandException(Exit.USAGE, message);
    }

    static CommandException inconclusive(String message) {
        return new CommandException(Exit.INCONCLUSIVE, message);
    }

    int exit() {
        return exit;
    }
}
