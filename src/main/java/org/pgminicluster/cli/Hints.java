package org.pgminicluster.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Says what to do in the words of whoever is told. The library's messages speak to those who write Java, and name its
 * methods; on the command line the same is done by a command.
 */
final class Hints {

    private static final String FAULT = "minicluster fault ";

    /** What a message says, by patterns, and what is said instead. */
    private static final Map<Pattern, String> COMMANDS = commands();

    private Hints() {}

    private static Map<Pattern, String> commands() {
        Map<String, String> hints = new LinkedHashMap<>();
        // Of whom they speak stands at the begin of the sentence.
        hints.put("expected (\\S+) to ([^;]*); start\\(\\) it", "expected $1 to $2; " + FAULT + "start $1");
        hints.put("expected (\\S+) to ([^;]*); resume\\(\\) it", "expected $1 to $2; " + FAULT + "resume $1");
        hints.put("expected (\\S+) to ([^;]*); pause\\(\\) it", "expected $1 to $2; " + FAULT + "pause $1");
        hints.put(
                "expected (\\S+) to ([^;]*); stop\\(\\) or kill\\(\\) it",
                "expected $1 to $2; " + FAULT + "stop $1 or " + FAULT + "kill $1");
        hints.put("expected (\\S+) to ([^;]*); stop\\(\\) it", "expected $1 to $2; " + FAULT + "stop $1");
        hints.put(
                "(\\S+) still runs ([^;]*), kill\\(\\) or stop\\(\\) it",
                "$1 still runs $2, " + FAULT + "kill $1 or " + FAULT + "stop $1");
        hints.put("rejoin\\(\\) (\\S+) first", FAULT + "rejoin $1 first");
        hints.put("promote\\(\\) (\\S+) by itself", FAULT + "promote $1 by itself");
        hints.put("failOver\\(\"(\\S+)\", \\.\\.\\.\\) first", FAULT + "failover $1 STANDBY first");
        hints.put("say limitSlotWal first", FAULT + "limit-wal NODE MEGABYTES first");
        hints.put("say cut\\(publisher, subscriber\\)", "say " + FAULT + "cut PUBLISHER SUBSCRIBER");
        hints.put("not running: ([^;]+); start\\(\\) it first", "not running: $1; " + FAULT + "start NODE first");
        hints.put("heal (that fault|the other limit) first", FAULT + "heal NUMBER first, which " + FAULT + "list has");
        Map<Pattern, String> compiled = new LinkedHashMap<>();
        hints.forEach((hint, command) -> compiled.put(Pattern.compile(hint), command));
        return compiled;
    }

    /** The same with what can be typed. */
    static String inCommands(String message) {
        String said = message;
        for (Map.Entry<Pattern, String> hint : COMMANDS.entrySet()) {
            said = hint.getKey().matcher(said).replaceAll(hint.getValue());
        }
        return said;
    }
}
