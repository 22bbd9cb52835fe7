package org.pgminicluster.cluster;

import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.pgminicluster.MiniClusterException;
import org.pgminicluster.relay.Relay;
import org.pgminicluster.relay.Slowness;
import org.pgminicluster.script.Conninfo;
import org.pgminicluster.server.Address;

/**
 * A subscription is led through a relay in this JVM, which is slow, by another {@code CONNECTION}.
 *
 * @see <a href="https://www.postgresql.org/docs/13/sql-altersubscription.html">ALTER SUBSCRIPTION</a>
 */
final class SlowLink implements Breakage {

    private final Link link;
    private final Slowness slowness;
    private @Nullable Relay relay;
    /** Known from when it is led through the relay. */
    private @Nullable Long oid;

    private Optional<Integer> slowWalsender = Optional.empty();

    SlowLink(Link link, Slowness slowness) {
        this.link = link;
        this.slowness = slowness;
    }

    Link link() {
        return link;
    }

    @Override
    public Node node() {
        return link.subscriber();
    }

    @Override
    public String what() {
        return link + " slow: " + slowness;
    }

    @Override
    public String inflict() {
        Relay opened = open();
        relay = opened;
        String host = opened.address().getAddress().getHostAddress();
        String port = Integer.toString(opened.address().getPort());
        node().cluster().detours().put(host + ":" + port, link.publisher());
        Optional<Integer> direct = link.walsender();
        long led = link.oid();
        oid = led;
        link.reconnect(led, now -> true, now -> now.with("host", host).with("port", port));
        awaitSlow(direct, opened);
        return "its walsender is reached through " + host + ":" + port;
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
            Optional<Integer> last = link.publisher().isAwake() ? link.walsender() : Optional.empty();
            boolean wasSlow = link.reconnect(
                    led,
                    now -> leadsTo(opened, now),
                    now -> now.withAsIn(link.conninfo(), "host").withAsIn(link.conninfo(), "port"));
            // One that somebody else has led past the relay, or made again, has its last walsender already.
            slowWalsender = wasSlow ? last : Optional.empty();
        }
        // The worker that is still connected through it comes again by the other way.
        abandon();
    }

    private static boolean leadsTo(Relay relay, Conninfo conninfo) {
        InetSocketAddress address = relay.address();
        return conninfo.get("host").equals(Optional.of(address.getAddress().getHostAddress()))
                && conninfo.get("port").equals(Optional.of(Integer.toString(address.getPort())));
    }

    @Override
    public void abandon() {
        Relay opened = relay;
        if (opened != null) {
            opened.close();
            InetSocketAddress address = opened.address();
            node().cluster().detours().remove(address.getAddress().getHostAddress() + ":" + address.getPort());
            relay = null;
        }
    }

    @Override
    public String awaitHealed() {
        if (link.whyAway(this).isPresent()) {
            return "the relay is gone";
        }
        return "the relay is gone"
                + link.awaitBack(pid -> !Optional.of(pid).equals(slowWalsender))
                        .map(why -> "; " + why)
                        .orElse(", and its walsender is back");
    }

    private void awaitSlow(Optional<Integer> last, Relay opened) {
        node().cluster()
                .waits()
                .until(
                        link + " to be connected through the relay",
                        MiniCluster.WAIT,
                        List.of(node(), link.publisher()),
                        () -> {
                            Optional<Integer> now = link.walsender();
                            boolean other = now.isPresent() && !now.equals(last);
                            return Probe.of(
                                    other && opened.connections() > 0,
                                    "walsender " + now.map(Object::toString).orElse("none"));
                        });
    }
}
