package org.pgminicluster.cli;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.pgminicluster.MiniClusterException;
import org.pgminicluster.cluster.Failover;
import org.pgminicluster.cluster.Fault;
import org.pgminicluster.cluster.Faults;
import org.pgminicluster.cluster.MiniCluster;
import org.pgminicluster.cluster.Node;
import org.pgminicluster.relay.Slowness;
import org.pgminicluster.server.StopMode;
import org.pgminicluster.topology.Subscription;

/** Breaks things in the keeper's cluster and puts them right, and says what a person would have typed. */
final class FaultOrders {

    private static final String RESEED =
            "minicluster fault reseed NODE SUBSCRIPTION makes the subscription that had it anew, with a copy.";

    private final MiniCluster cluster;
    private final FaultTyped typed;
    private final OpenFaults open;

    FaultOrders(MiniCluster cluster, Map<String, Handle> handles, OpenFaults open) {
        this.cluster = cluster;
        this.typed = new FaultTyped(cluster, handles);
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
            case PROMOTE -> {
                node(first).promote();
                answer.typed(Typed.sql(first, "SELECT pg_promote()"));
                answer.line(first + " is a primary now, and can be written.");
                answer.data(Map.of("node", first));
            }
            case FAILOVER -> failOver(first, second, answer);
            case REJOIN -> rejoin(first, answer);
            case KILL -> lasting(request, answer, () -> faults.kill(node(first)), fault -> typed.kill(first));
            case STOP -> {
                StopMode mode = mode(request.option("mode", "fast"));
                lasting(request, answer, () -> faults.stop(node(first), mode), fault -> typed.stop(first, mode));
            }
            case PAUSE -> lasting(request, answer, () -> faults.pause(node(first)), fault -> typed.pause(first));
            case CUT ->
                lasting(
                        request,
                        answer,
                        () -> faults.cut(node(first), node(second)),
                        fault -> typed.refuse(Map.of(first, List.of(second))));
            case ISOLATE -> lasting(request, answer, () -> faults.isolate(node(first)), fault -> typed.isolate(first));
            case STALL ->
                lasting(
                        request,
                        answer,
                        () -> second.isEmpty() ? faults.stall(node(first)) : faults.stall(node(first), second),
                        fault -> typed.stall(publisherOf(first, second), fault.proof()));
            case SLOW -> {
                Slowness slowness = slowness(request);
                // The statement that leads it through the relay is in the journal.
                lasting(
                        request,
                        answer,
                        () -> faults.slow(node(first), second, slowness),
                        fault -> new FaultTyped.Pair(List.of(), List.of()));
            }
            case LIMIT_WAL -> {
                int megabytes = number(second, "a number of megabytes");
                lasting(
                        request,
                        answer,
                        () -> faults.limitSlotWal(node(first), megabytes),
                        fault -> new FaultTyped.Pair(List.of(), List.of()));
            }
            case TERMINATE -> terminate(first, second, request.options().containsKey("walsender"), answer);
            case DROP_SLOT -> {
                Fault fault = faults.dropSlot(node(first), second);
                done(fault, typed.dropSlot(first, second), "It is gone for good; " + RESEED, answer);
            }
            case LOSE_SLOT -> {
                Fault fault = faults.loseSlot(node(first), second);
                done(fault, typed.loseSlot(first), "It is lost for good; " + RESEED, answer);
            }
        }
        return Exit.OK;
    }

    @FunctionalInterface
    private interface Begin {
        Fault fault();
    }

    /** Typed is shown afterwards: what could not be done is not shown as if it had been. */
    private void lasting(Request request, Answer answer, Begin begin, Function<Fault, FaultTyped.Pair> typing) {
        int before = cluster.journal().entries().size();
        FaultVerb verb = FaultVerb.of(request.args().get(0));
        Set<Fault> known = Set.copyOf(cluster.faults().open());
        Fault fault;
        try {
            fault = begin.fault();
        } catch (RuntimeException e) {
            // Neither done nor undone: somebody has to put it right.
            cluster.faults().open().stream()
                    .filter(left -> !known.contains(left))
                    .forEach(left -> open.add(verb, request.args().get(1), left, List.of()));
            throw e;
        }
        FaultTyped.Pair pair = typing.apply(fault);
        pair.begin().forEach(answer::typed);
        Orders.statementsSince(cluster.journal(), before).forEach(answer::typed);
        OpenFaults.Numbered numbered = open.add(verb, request.args().get(1), fault, pair.heal());
        answer.line(fault.description() + ": " + fault.proof());
        answer.line("This is fault " + numbered.number() + "; minicluster fault heal " + numbered.number()
                + " puts it right.");
        answer.data(numbered.status());
    }

    /** What cannot be healed is not numbered. */
    private static void done(Fault fault, List<Typed> typed, String next, Answer answer) {
        typed.forEach(answer::typed);
        answer.line(fault.description() + ": " + fault.proof());
        answer.line(next);
        answer.data(new ClusterStatus.OfFault(0, fault.description(), fault.proof()));
    }

    private void terminate(String node, String what, boolean walsender, Answer answer) {
        Faults faults = cluster.faults();
        if (what.matches("\\d{1,9}")) {
            Fault fault = faults.terminate(node(node), Integer.parseInt(what));
            done(fault, typed.terminate(node, what), "It stays ended.", answer);
            return;
        }
        Fault fault =
                walsender ? faults.terminateWalsender(node(node), what) : faults.terminateApplyWorker(node(node), what);
        done(
                fault,
                walsender ? typed.terminateWalsender(publisherOf(node, what), what) : typed.terminateWorker(node, what),
                "Another one comes by itself; minicluster status shows it.",
                answer);
    }

    private void failOver(String from, String to, Answer answer) {
        int before = cluster.journal().entries().size();
        Failover done = cluster.failOver(from, to);
        List<Typed> statements =
                Orders.statementsSince(cluster.journal(), before).toList();
        new FailoverTyped(cluster, typed).failOver(done, statements).forEach(answer::typed);
        answer.line("A " + done + ".");
        answer.data(done.subscriptions());
    }

    private void rejoin(String old, Answer answer) {
        int before = cluster.journal().entries().size();
        String program = cluster.standbys().rejoin(node(old));
        // It is up again, though not as what it was.
        open.keeping(old, FaultVerb.KILL, FaultVerb.STOP)
                .ifPresent(numbered -> numbered.fault().heal());
        String successor =
                cluster.standbys().primaryOf(node(old)).map(Node::name).orElse("its successor");
        List<Typed> statements =
                Orders.statementsSince(cluster.journal(), before).toList();
        new FailoverTyped(cluster, typed)
                .rejoin(old, successor, program, statements)
                .forEach(answer::typed);
        answer.line(old + " is a standby of " + successor + " now, by " + program + ".");
        answer.data(Map.of("node", old, "by", program));
    }

    /** Where the topology says that it copies from; who made one by hand knows, and the library says so. */
    private String publisherOf(String subscriber, String subscription) {
        Optional<String> primary =
                cluster.standbys().primaryOf(cluster.node(subscriber)).map(Node::name);
        if (primary.isPresent()) {
            return primary.get();
        }
        Optional<Subscription> known = cluster.topology().described(subscriber).databases().stream()
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
            fault.get().undo().forEach(answer::typed);
        } else if (paused) {
            node(name).resume();
            answer.typed(typed.handle(name).resume());
        } else {
            node(name).start();
            answer.typed(typed.handle(name).start());
        }
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
        List<OpenFaults.Numbered> asked =
                number.isEmpty() || number.equals("all") ? open.lastFirst() : List.of(open.numbered(number));
        List<ClusterStatus.OfFault> healed = new ArrayList<>();
        if (asked.isEmpty()) {
            answer.line("Nothing is broken.");
        }
        @Nullable RuntimeException failure = null;
        for (OpenFaults.Numbered numbered : asked) {
            try {
                heal(numbered, answer);
                healed.add(numbered.status());
            } catch (MiniClusterException e) {
                // The others are not left broken for that.
                answer.line("Still broken: " + numbered.number() + "  "
                        + numbered.fault().description() + ".");
                failure = failure == null ? e : failure;
            }
        }
        if (failure != null) {
            throw failure;
        }
        answer.data(healed);
    }

    private void heal(OpenFaults.Numbered numbered, Answer answer) {
        int before = cluster.journal().entries().size();
        numbered.fault().heal();
        numbered.undo().forEach(answer::typed);
        Orders.statementsSince(cluster.journal(), before).forEach(answer::typed);
        answer.line("Healed: " + numbered.fault().description() + ".");
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
}
