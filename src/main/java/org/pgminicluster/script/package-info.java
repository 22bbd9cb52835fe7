/** A topology rendered as ordered SQL steps, one node each: what a person would type. */
@NullMarked
package org.pgminicluster.script;

import org.jspecify.annotations.NullMarked;
