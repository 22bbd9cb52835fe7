package org.pgminicluster.cli;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** What can be broken by hand, and put right. */
enum FaultVerb {
    KILL("NODE", "SIGKILL to every process of a server"),
    STOP("NODE", "stop a server; --mode fast or immediate"),
    START("NODE", "start a stopped or killed server"),
    PAUSE("NODE", "freeze every process of a server"),
    RESUME("NODE", "thaw a paused server"),
    CUT("PUBLISHER SUBSCRIBER", "refuse one node's connections to another"),
    ISOLATE("NODE", "cut a node from all others"),
    STALL("NODE [SUBSCRIPTION]", "freeze the walsender of it, or of a standby"),
    SLOW("NODE SUBSCRIPTION", "slow it down by a relay; --latency, --rate"),
    TERMINATE("NODE PID|SUBSCRIPTION", "end a backend or an apply worker; --walsender"),
    DROP_SLOT("NODE SLOT", "drop a slot, even in use"),
    LIMIT_WAL("NODE MEGABYTES", "limit the WAL that is kept for slots"),
    LOSE_SLOT("NODE SLOT", "write WAL until an idle slot is lost"),
    RESEED("NODE SUBSCRIPTION", "copy a subscription's tables anew"),
    PROMOTE("NODE", "end a standby's recovery, whatever its primary does"),
    FAILOVER("NODE STANDBY", "let a standby take over from its primary"),
    REJOIN("NODE", "make an old primary a standby of its successor"),
    HEAL("[NUMBER]", "put one right, or all, the last one first"),
    LIST("", "the faults that are not healed");

    private final String parameters;
    private final String description;

    FaultVerb(String parameters, String description) {
        this.parameters = parameters;
        this.description = description;
    }

    /** As it is typed. */
    String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    String parameters() {
        return parameters;
    }

    String description() {
        return description;
    }

    static List<String> words() {
        return Arrays.stream(values()).map(FaultVerb::word).toList();
    }

    static FaultVerb of(String typed) {
        return Arrays.stream(values())
                .filter(verb -> verb.word().equals(typed))
                .findFirst()
                .orElseThrow(() -> Nearest.unknown("the fault", typed, words()));
    }

    /** How many of its first parameters are nodes. */
    int nodes() {
        return this == CUT || this == FAILOVER ? 2 : parameters.startsWith("NODE") ? 1 : 0;
    }

    void checkCount(int given) {
        int most = parameters.isEmpty() ? 0 : parameters.split(" ").length;
        int least = parameters.contains("[") ? most - 1 : most;
        if (given < least || given > most) {
            String usage = ("minicluster fault " + word() + " " + parameters).strip();
            throw CommandException.usage("expected fault " + word() + " to have "
                    + (least == most ? "" + most : least + " or " + most) + (most == 1 ? " parameter" : " parameters")
                    + ", but was " + given + "; type " + usage);
        }
    }
}
