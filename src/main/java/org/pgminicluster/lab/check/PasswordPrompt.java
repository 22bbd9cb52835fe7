package org.pgminicluster.lab.check;

import java.util.Optional;

/** Asks somebody for a password. */
@FunctionalInterface
public interface PasswordPrompt {

    /** What was typed; empty if nobody is there to type. */
    Optional<String> ask(CheckedNode node);
}
