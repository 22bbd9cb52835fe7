package org.pgminicluster.server.process;

/**
 * A data directory that is to be put back into the stock.
 *
 * @param since when it was taken
 */
record Loan(DataStock stock, TreeRestore.Moment since) {}
