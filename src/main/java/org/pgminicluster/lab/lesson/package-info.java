/** What a lesson is: problems, how they are told on a running cluster, and their texts in each language. */
@NullMarked
package org.pgminicluster.lab.lesson;

import org.jspecify.annotations.NullMarked;
