package org.pgminicluster.server.process;

import java.nio.file.attribute.FileTime;

/**
 * A data directory that is to be put back into the stock.
 *
 * @param since when it was taken, in the time of its file system
 */
record Loan(DataStock stock, FileTime since) {}
