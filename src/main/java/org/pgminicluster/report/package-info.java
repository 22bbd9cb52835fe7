/** What people read of a run: one HTML file and one Markdown file, drawn from a journal without any server. */
@NullMarked
package org.pgminicluster.report;

import org.jspecify.annotations.NullMarked;
