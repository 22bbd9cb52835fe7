package org.pgminicluster.cluster;

import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.pgminicluster.MiniClusterException;
import org.pgminicluster.relay.Relay;
import org.pgminicluster.relay.Slowness;
import org.pgminicluster.script.Conninfo;
import org.pgminicluster.script.Sql;
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
        lead(link.conninfo().with("host", host).with("port", port));
        awaitAnother(direct, "through the relay", () -> opened.connections() > 0);
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

    private void lead(Conninfo conninfo) {
        node().execute("ALTER SUBSCRIPTION " + Sql.identifier(link.subscription()) + " CONNECTION "
                + Sql.literal(conninfo.toString()));
    }

    @Override
    public void undo() {
        Relay opened = relay;
        if (opened == null) {
            return;
        }
        relay = null;
        try {
            node().requireAwake("it is led past a slow link again");
            if (link.isCurrent()) {
                lead(link.conninfo());
            }
        } finally {
            // The worker that is still connected through it comes again by the other way.
            opened.close();
            InetSocketAddress address = opened.address();
            node().cluster().detours().remove(address.getAddress().getHostAddress() + ":" + address.getPort());
        }
    }

    @Override
    public String awaitHealed() {
        if (!link.publisher().isAwake() || !link.isCurrent()) {
            return "the relay is gone";
        }
        awaitAnother(Optional.empty(), "again", () -> true);
        return "the relay is gone, and its walsender is back";
    }

    private void awaitAnother(Optional<Integer> last, String how, BooleanSupplier also) {
        node().cluster()
                .waits()
                .until(link + " to be connected " + how, MiniCluster.WAIT, List.of(node(), link.publisher()), () -> {
                    Optional<Integer> now = link.walsender();
                    boolean other = now.isPresent() && !now.equals(last);
                    return Probe.of(
                            other && also.getAsBoolean(),
                            "walsender " + now.map(Object::toString).orElse("none"));
                });
    }
}
