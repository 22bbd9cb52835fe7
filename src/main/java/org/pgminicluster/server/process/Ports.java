package org.pgminicluster.server.process;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Chooses ports below those that the system gives to outgoing connections (Linux from 32768, others from 49152): while
 * a server is down, no client's connection can take its port, nor a peer that keeps trying connect to itself.
 */
final class Ports {

    private static final int FIRST = 10240;
    private static final int LAST = 32767;

    private Ports() {}

    /** A port that nobody listens on at this moment. */
    static int free() {
        int port;
        do {
            port = ThreadLocalRandom.current().nextInt(FIRST, LAST + 1);
        } while (!isFree(port));
        return port;
    }

    static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
