package org.pgminicluster.server;

import org.apiguardian.api.API;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.helpers.NOPLoggerFactory;

/** What whoever runs tests is to see: logged, or said on standard error where there is no logging backend to log it. */
@API(status = API.Status.INTERNAL)
public final class Notice {

    private Notice() {}

    /** Says one line. */
    public static void say(Logger log, String line) {
        if (LoggerFactory.getILoggerFactory() instanceof NOPLoggerFactory) {
            System.err.println("pg-minicluster: " + line);
        } else {
            log.info(line);
        }
    }
}
