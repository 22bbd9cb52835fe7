package org.pgminicluster.script;

import java.io.Reader;
import org.apiguardian.api.API;

/** What is done at once of a script. */
@API(status = API.Status.INTERNAL)
public sealed interface ScriptPiece {

    /** The line in which it begins, from 1. */
    int line();

    /** A statement, without the comments before it and the semicolon after it. */
    record Statement(int line, String sql) implements ScriptPiece {}

    /**
     * {@code COPY ... FROM stdin} and its rows, which are a part of the script's text.
     *
     * @param rowsLine the line of the first row
     */
    record Rows(int line, String sql, int rowsLine, String script, int start, int end) implements ScriptPiece {

        /** The rows, to be read once. */
        public Reader rows() {
            return new TextReader(script, start, end);
        }
    }

    /** {@code \connect} to the database that the script is for: a session ends, and another begins. */
    record Connect(int line) implements ScriptPiece {}
}
