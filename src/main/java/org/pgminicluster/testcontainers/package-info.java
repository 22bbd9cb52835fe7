/** A cluster as Testcontainers and what builds on it know things: to be started, stopped, handed around as containers. */
@NullMarked
package org.pgminicluster.testcontainers;

import org.jspecify.annotations.NullMarked;
