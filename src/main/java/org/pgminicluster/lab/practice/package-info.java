/** Lessons as data: what a learner finds on servers, is to do there, and is judged by. */
@NullMarked
package org.pgminicluster.lab.practice;

import org.jspecify.annotations.NullMarked;
