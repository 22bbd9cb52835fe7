package org.pgminicluster.report;

import java.util.List;

/**
 * A report, before it is HTML or Markdown.
 *
 * @param language its language's code
 * @param banner the verdict, said first
 */
record Document(
        String language, String title, Block.Text banner, List<Block> card, List<Section> sections, String footer) {

    /** A chapter of a report; one without blocks is left out. */
    record Section(String id, String title, String lead, List<Block> blocks) {}
}
