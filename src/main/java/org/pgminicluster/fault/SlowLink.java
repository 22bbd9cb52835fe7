package org.pgminicluster.fault;

import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.pgminicluster.MiniClusterException;
import org.pgminicluster.journal.FaultFacts;
import org.pgminicluster.journal.FaultFacts.Detail;
import org.pgminicluster.journal.FaultKind;
import org.pgminicluster.journal.WaitFor;
import org.pgminicluster.journal.Words;
import org.pgminicluster.relay.Relay;
import org.pgminicluster.relay.Slowness;
import org.pgminicluster.runtime.Link;
import org.pgminicluster.runtime.Member;
import org.pgminicluster.script.Conninfo;
import org.pgminicluster.server.Address;
import org.pgminicluster.wait.Seen;
import org.pgminicluster.wait.Waits;

/**
 * A subscription is led through a relay in this JVM, which is slow, by another {@code CONNECTION}.
 *
 * @see <a href="https://www.postgresql.org/docs/13/sql-altersubscription.html">ALTER SUBSCRIPTION</a>
 */
final class SlowLink implements FaultAction {

    private final Link link;
    private final Slowness slowness;
    private final StalledLinks stalled;
    private @Nullable Relay relay;
    /** Known from when it is led through the relay. */
    private @Nullable Long oid;

    private Optional<FormerWalsender> slowWalsender = Optional.empty();

    SlowLink(Link link, Slowness slowness, StalledLinks stalled) {
        this.stalled = stalled;
        this.link = link;
        this.slowness = slowness;
    }

    Link link() {
        return link;
    }

    @Override
    public Member node() {
        return link.subscriber();
    }

    @Override
    public FaultFacts facts() {
        return link.facts(FaultKind.SLOW)
                .with(Detail.LATENCY, slowness.latency().toMillis())
                .with(
                        Detail.JITTER,
                        slowness.jitter().isZero() ? null : slowness.jitter().toMillis())
                .with(Detail.RATE, slowness.bytesPerSecond() == 0 ? null : slowness.bytesPerSecond());
    }

    @Override
    public Words inflict() {
        Relay opened = open();
        relay = opened;
        String host = opened.address().getAddress().getHostAddress();
        String port = Integer.toString(opened.address().getPort());
        node().runtime().detours().put(host + ":" + port, link.publisher());
        Optional<FormerWalsender> direct = FormerWalsender.of(link);
        long led = link.oid();
        oid = led;
        link.reconnect(led, now -> true, now -> now.ledTo(host, port));
        awaitSlow(direct, opened);
        return Words.of("proof.through-relay", host + ":" + port);
    }

    private Relay open() {
        try {
            return Relay.open(InetAddress.getByName(node().server().hostAddress()), this::upstream, slowness);
        } catch (UnknownHostException | UncheckedIOException e) {
            throw new MiniClusterException(
                    "expected a relay for " + link + " to be able to listen on "
                            + node().server().hostAddress() + ", but was not: " + e.getMessage(),
                    e);
        }
    }

    private InetSocketAddress upstream() {
        Address publisher = link.publisher().address();
        return new InetSocketAddress(publisher.host(), publisher.port());
    }

    /** The relay lasts as long as anybody is sent to it. */
    @Override
    public void undo() {
        Relay opened = relay;
        if (opened == null) {
            return;
        }
        Long led = oid;
        if (led != null) {
            node().requireAwake("it is led past a slow link again");
            Optional<FormerWalsender> last = link.publisher().isAwake() ? FormerWalsender.of(link) : Optional.empty();
            boolean wasSlow = link.reconnect(led, now -> leadsTo(opened, now), now -> now.ledAs(link.conninfo()));
            // One that somebody else has led past the relay, or made again, has its last walsender already.
            slowWalsender = wasSlow ? last : Optional.empty();
        }
        // The worker that is still connected through it comes again by the other way.
        abandon();
    }

    private static boolean leadsTo(Relay relay, Conninfo conninfo) {
        InetSocketAddress address = relay.address();
        return conninfo.address().equals(Optional.of(address.getAddress().getHostAddress()))
                && conninfo.get("port").equals(Optional.of(Integer.toString(address.getPort())));
    }

    @Override
    public void abandon() {
        Relay opened = relay;
        if (opened != null) {
            opened.close();
            InetSocketAddress address = opened.address();
            node().runtime().detours().remove(address.getAddress().getHostAddress() + ":" + address.getPort());
            relay = null;
        }
    }

    @Override
    public Words awaitHealed() {
        Words gone = Words.of("proof.relay-gone");
        if (stalled.whyAway(link).isPresent()) {
            return gone;
        }
        return link.awaitBack(pid -> slowWalsender.filter(it -> it.is(pid)).isEmpty())
                .map(why -> Words.of("and-then", gone, why))
                .orElse(Words.of("proof.walsender-back", gone));
    }

    private void awaitSlow(Optional<FormerWalsender> last, Relay opened) {
        node().runtime()
                .waits()
                .until(
                        WaitFor.connectedThroughRelay(link.words()),
                        Waits.USUAL,
                        List.of(node(), link.publisher()),
                        () -> {
                            Optional<Integer> now = link.walsender();
                            boolean other = now.isPresent()
                                    && last.filter(it -> it.is(now.get())).isEmpty();
                            return Seen.of(
                                    other && opened.connections() > 0,
                                    Words.of("seen.walsender", now.isPresent() ? now.get() : Words.of("seen.none")));
                        });
    }
}
