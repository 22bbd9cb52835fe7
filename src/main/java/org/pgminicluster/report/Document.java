package org.pgminicluster.report;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A report, before it is HTML or Markdown.
 *
 * @param language its language's code
 * @param banner the verdict, said first
 * @param stage what a script shows moment by moment, on a page only; null if there is nothing
 */
record Document(
        String language,
        String title,
        Block.Text banner,
        List<Block> card,
        List<Section> sections,
        String footer,
        @Nullable Stage stage) {

    /** A chapter of a report; one without blocks is left out. */
    record Section(String id, String title, String lead, List<Block> blocks) {}
}
