package org.pgminicluster.server.container;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import org.pgminicluster.EnvironmentException;
import org.pgminicluster.server.ServerSpec;

/** Whether the port that a spec asks for can be had. */
final class PublishedPort {

    private PublishedPort() {}

    /** Asked before the engine is, whose refusal comes late and at length; an engine elsewhere has its own ports. */
    static void requireFree(Engine engine, ServerSpec spec) {
        if (spec.port() == 0 || !engine.isLocal()) {
            return;
        }
        try {
            new ServerSocket(spec.port(), 1, InetAddress.getLoopbackAddress()).close();
        } catch (IOException e) {
            throw taken(spec);
        }
    }

    static EnvironmentException taken(ServerSpec spec) {
        return new EnvironmentException("expected the port " + spec.port() + " of " + spec.name()
                + " to be free on this machine, but was taken; stop what listens there, choose another port, or choose"
                + " none and take any free one");
    }
}
