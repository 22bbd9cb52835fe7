package org.pgminicluster.report;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A piece of a report, before it is HTML or Markdown. Texts are plain: whoever writes them escapes them. */
sealed interface Block {

    /** A paragraph. */
    record Text(Tone tone, String text) implements Block {}

    /** What a paragraph is for. */
    enum Tone {
        PLAIN,
        REASON,
        GOOD,
        BAD,
        WAIT,
        FAULT,
        QUESTION,
        SMALL
    }

    /** Names and values. */
    record Facts(List<Fact> facts) implements Block {}

    /** A name and a value, which may be code. */
    record Fact(String label, String value, boolean code) {}

    /** A table; the first cell of a row is its heading. */
    record Table(String caption, List<String> head, List<List<Cell>> rows) implements Block {}

    /** A cell. */
    record Cell(Mark mark, String text, @Nullable String link, boolean code) {

        static Cell of(String text) {
            return new Cell(Mark.NONE, text, null, false);
        }

        static Cell code(String text) {
            return new Cell(Mark.NONE, text, null, true);
        }

        static Cell of(Mark mark, String text) {
            return new Cell(mark, text, null, false);
        }

        Cell linked(@Nullable String anchor) {
            return new Cell(mark, text, anchor, code);
        }
    }

    /** A sign, which says by its form what its colour says too. */
    enum Mark {
        NONE(""),
        GOOD("✓"),
        BAD("✗"),
        REFUSED("⊘"),
        NOTHING("–");

        private final String sign;

        Mark(String sign) {
            this.sign = sign;
        }

        String sign() {
            return sign;
        }

        String before(String text) {
            return sign.isEmpty() ? text : text.isEmpty() ? sign : sign + " " + text;
        }
    }

    /** A statement in a session, as psql shows it. */
    record Statement(String prompt, String sql, String output, boolean refused, String time) implements Block {}

    /** Text that must be kept as it is. */
    record Code(String language, String text) implements Block {}

    /** A picture in both forms; no Mermaid where that cannot draw it. */
    record Picture(String svg, @Nullable String mermaid, String caption) implements Block {}

    /** What is read only by those who want to. */
    record Fold(String summary, boolean open, List<Block> blocks) implements Block {}

    /** A heading within a section. */
    record Heading(String id, String text) implements Block {}
}
