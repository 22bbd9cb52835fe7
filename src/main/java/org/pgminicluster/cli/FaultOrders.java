package org.pgminicluster.cli;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.pgminicluster.MiniClusterException;
import org.pgminicluster.cluster.Fault;
import org.pgminicluster.cluster.Faults;
import org.pgminicluster.cluster.MiniCluster;
import org.pgminicluster.cluster.Node;
import org.pgminicluster.relay.Slowness;
import org.pgminicluster.script.Roles;
import org.pgminicluster.script.Sql;
import org.pgminicluster.server.StopMode;
import org.pgminicluster.topology.Subscription;

/** Breaks things in the keeper's cluster and puts them right, and says what a person would have typed. */
final class FaultOrders {

    private final MiniCluster cluster;
    private final Map<String, Handle> handles;
    private final OpenFaults open;

    FaultOrders(MiniCluster cluster, Map<String, Handle> handles, OpenFaults open) {
        this.cluster = cluster;
        this.handles = Map.copyOf(handles);
        this.open = open;
    }

    int carryOut(Request request, Answer answer) {
        List<String> args = request.args();
        FaultVerb verb = FaultVerb.of(args.get(0));
        String first = args.size() > 1 ? args.get(1) : "";
        String second = args.size() > 2 ? args.get(2) : "";
        Faults faults = cluster.faults();
        switch (verb) {
            case LIST -> list(answer);
            case HEAL -> heal(first, answer);
            case START -> bringBack(first, answer, FaultVerb.KILL, FaultVerb.STOP);
            case RESUME -> bringBack(first, answer, FaultVerb.PAUSE);
            case RESEED -> reseed(first, second, answer);
            case KILL -> begin(verb, first, answer, List.of(handle(first).kill()), () -> faults.kill(node(first)));
            case STOP -> {
                StopMode mode = mode(request.option("mode", "fast"));
                begin(verb, first, answer, List.of(handle(first).stop(mode)), () -> faults.stop(node(first), mode));
            }
            case PAUSE -> begin(verb, first, answer, List.of(handle(first).pause()), () -> faults.pause(node(first)));
            case CUT ->
                begin(
                        verb,
                        first,
                        answer,
                        refusal(first, Set.of(Roles.login(second))),
                        () -> faults.cut(node(first), node(second)));
            case ISOLATE -> begin(verb, first, answer, isolation(first), () -> faults.isolate(node(first)));
            case STALL -> begin(verb, first, answer, stalling(first, second), () -> faults.stall(node(first), second));
            case SLOW -> {
                Slowness slowness = slowness(request);
                begin(
                        verb,
                        first,
                        answer,
                        List.of(Typed.sql(
                                first,
                                "ALTER SUBSCRIPTION " + Sql.identifier(second)
                                        + " CONNECTION 'host=RELAY port=PORT ...'  -- " + slowness)),
                        () -> faults.slow(node(first), second, slowness));
            }
            case TERMINATE -> terminate(first, second, request.options().containsKey("walsender"), answer);
            case DROP_SLOT ->
                begin(
                        verb,
                        first,
                        answer,
                        List.of(
                                Typed.sql(
                                        first,
                                        "SELECT pg_terminate_backend(active_pid) FROM pg_replication_slots WHERE slot_name = "
                                                + Sql.literal(second) + " AND active"),
                                Typed.sql(first, "SELECT pg_drop_replication_slot(" + Sql.literal(second) + ")")),
                        () -> faults.dropSlot(node(first), second));
            case LIMIT_WAL -> {
                int megabytes = number(second, "a number of megabytes");
                begin(
                        verb,
                        first,
                        answer,
                        List.of(
                                Typed.sql(first, "ALTER SYSTEM SET max_slot_wal_keep_size = '" + megabytes + "MB'"),
                                Typed.sql(first, "SELECT pg_reload_conf()")),
                        () -> faults.limitSlotWal(node(first), megabytes));
            }
            case LOSE_SLOT ->
                begin(
                        verb,
                        first,
                        answer,
                        List.of(
                                Typed.sql(
                                        first,
                                        "SELECT pg_logical_emit_message(false, 'x', repeat('x', 1000000)), pg_switch_wal()"),
                                Typed.sql(first, "CHECKPOINT")),
                        () -> faults.loseSlot(node(first), second));
        }
        return Exit.OK;
    }

    @FunctionalInterface
    private interface Begin {
        Fault fault();
    }

    private void begin(FaultVerb verb, String node, Answer answer, List<Typed> typed, Begin begin) {
        // What cannot be done is not shown as if it had been.
        Fault fault = begin.fault();
        typed.forEach(answer::typed);
        OpenFaults.Numbered numbered = open.add(verb, node, fault);
        answer.line(fault.description() + ": " + fault.proof());
        answer.line("This is fault " + numbered.number() + "; minicluster fault heal " + numbered.number() + " "
                + healing(verb));
        answer.data(numbered.status());
    }

    private static String healing(FaultVerb verb) {
        return switch (verb) {
            case KILL, STOP -> "starts the server again.";
            case PAUSE -> "thaws it.";
            case TERMINATE -> "waits until what comes back by itself is back.";
            case DROP_SLOT, LOSE_SLOT -> "does nothing, the slot is gone; minicluster fault reseed copies anew.";
            default -> "puts it right.";
        };
    }

    private void terminate(String node, String what, boolean walsender, Answer answer) {
        boolean pid = what.matches("\\d{1,9}");
        Typed typed = pid
                ? Typed.sql(node, "SELECT pg_terminate_backend(" + what + ")")
                : walsender
                        ? Typed.sql(
                                publisherOf(node, what),
                                "SELECT pg_terminate_backend(pid) FROM pg_stat_replication WHERE application_name = "
                                        + Sql.literal(what))
                        : Typed.sql(
                                node,
                                "SELECT pg_terminate_backend(pid) FROM pg_stat_subscription WHERE relid IS NULL AND subname = "
                                        + Sql.literal(what));
        Faults faults = cluster.faults();
        begin(
                FaultVerb.TERMINATE,
                node,
                answer,
                List.of(typed),
                () -> pid
                        ? faults.terminate(node(node), Integer.parseInt(what))
                        : walsender
                                ? faults.terminateWalsender(node(node), what)
                                : faults.terminateApplyWorker(node(node), what));
    }

    private List<Typed> isolation(String isolated) {
        return cluster.nodes().stream()
                .map(Node::name)
                .flatMap(name -> (name.equals(isolated)
                                ? cluster.nodes().stream()
                                        .map(Node::name)
                                        .filter(other -> !other.equals(isolated))
                                        .map(Roles::login)
                                        .collect(Collectors.toSet())
                                : Set.of(Roles.login(isolated)))
                        .stream().sorted().flatMap(role -> refusal(name, Set.of(role)).stream()))
                .toList();
    }

    private List<Typed> refusal(String publisher, Set<String> roles) {
        return roles.stream()
                .flatMap(role -> List.of(
                        handle(publisher).refuse(role),
                        Typed.sql(publisher, "SELECT pg_reload_conf()"),
                        Typed.sql(
                                publisher,
                                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = "
                                        + Sql.literal(role)))
                        .stream())
                .toList();
    }

    private List<Typed> stalling(String subscriber, String subscription) {
        String publisher = publisherOf(subscriber, subscription);
        return List.of(
                Typed.sql(
                        publisher,
                        "SELECT pid FROM pg_stat_replication WHERE application_name = " + Sql.literal(subscription)),
                handle(publisher).signal("STOP", "PID"));
    }

    /** Where the topology says that it copies from; who made one by hand knows, and the library says so. */
    private String publisherOf(String subscriber, String subscription) {
        Optional<Subscription> known = cluster.topology().node(subscriber).databases().stream()
                .flatMap(database -> database.subscriptions().stream())
                .filter(spec -> spec.name().equals(subscription))
                .findFirst();
        return known.map(Subscription::publisher).orElse(subscriber);
    }

    private void bringBack(String name, Answer answer, FaultVerb... verbs) {
        Optional<OpenFaults.Numbered> fault = open.keeping(name, verbs);
        boolean paused = verbs[0] == FaultVerb.PAUSE;
        if (fault.isPresent()) {
            fault.get().fault().heal();
        } else if (paused) {
            node(name).resume();
        } else {
            node(name).start();
        }
        answer.typed(paused ? handle(name).resume() : handle(name).start());
        answer.line(name + " runs at " + node(name).address() + ".");
        answer.data(Map.of("node", name, "address", node(name).address().toString()));
    }

    private void reseed(String subscriber, String subscription, Answer answer) {
        int before = cluster.journal().entries().size();
        cluster.reseed(node(subscriber), subscription);
        Orders.statementsSince(cluster.journal(), before).forEach(answer::typed);
        answer.line(subscription + " of " + subscriber + " has everything again.");
        answer.data(Map.of("node", subscriber, "subscription", subscription));
    }

    private void heal(String number, Answer answer) {
        List<OpenFaults.Numbered> healed =
                number.isEmpty() || number.equals("all") ? open.lastFirst() : List.of(open.numbered(number));
        if (healed.isEmpty()) {
            answer.line("Nothing is broken.");
        }
        for (OpenFaults.Numbered numbered : healed) {
            numbered.fault().heal();
            switch (numbered.verb()) {
                case KILL, STOP -> answer.typed(handle(numbered.node()).start());
                case PAUSE -> answer.typed(handle(numbered.node()).resume());
                case LIMIT_WAL -> answer.typed(Typed.sql(numbered.node(), "ALTER SYSTEM RESET max_slot_wal_keep_size"));
                default -> {}
            }
            answer.line("Healed: " + numbered.fault().description() + ".");
        }
        answer.data(healed.stream().map(OpenFaults.Numbered::status).toList());
    }

    private void list(Answer answer) {
        List<ClusterStatus.OfFault> faults = open.status();
        if (faults.isEmpty()) {
            answer.line("Nothing is broken.");
        }
        faults.forEach(fault -> answer.line(fault.number() + "  " + fault.what() + ": " + fault.proof()));
        answer.data(faults);
    }

    private static Slowness slowness(Request request) {
        Slowness slowness = new Slowness(
                millis(request.option("latency", "0")),
                millis(request.option("jitter", "0")),
                number(request.option("rate", "0"), "--rate in bytes a second"));
        return slowness.equals(Slowness.latency(Duration.ZERO)) ? Slowness.latency(Duration.ofMillis(200)) : slowness;
    }

    private static Duration millis(String typed) {
        return Duration.ofMillis(number(typed.replaceFirst("ms$", ""), "milliseconds, such as 200ms,"));
    }

    private static int number(String typed, String what) {
        try {
            int number = Integer.parseInt(typed);
            if (number >= 0) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Told below.
        }
        throw CommandException.usage(
                "expected " + what + " to be a whole number of 0 or more, but was \"" + typed + "\"");
    }

    private static StopMode mode(String typed) {
        try {
            return StopMode.valueOf(typed.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw Nearest.unknown("--mode", typed, List.of("fast", "immediate"));
        }
    }

    private Node node(String name) {
        return cluster.node(name);
    }

    private Handle handle(String name) {
        Handle handle = handles.get(name);
        if (handle == null) {
            throw new MiniClusterException("expected " + name + " to be a node, but was none");
        }
        return handle;
    }
}
