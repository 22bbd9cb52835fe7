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

    /** Ends a command that would go on for ever, when nobody reads what it tells; what is to be said of it is said later. */
    static CommandException unread() {
        return told(Exit.INCONCLUSIVE);
    }

    /** Ends a command of which all has been said. */
    static CommandException told(int exit) {
        return new CommandException(exit, "");
    }

    int exit() {
        return exit;
    }
}
