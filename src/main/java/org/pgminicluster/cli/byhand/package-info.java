/** What a person would type to do by hand what is done to a cluster: at the prompts of its nodes, and at a shell's. */
@NullMarked
package org.pgminicluster.cli.byhand;

import org.jspecify.annotations.NullMarked;
