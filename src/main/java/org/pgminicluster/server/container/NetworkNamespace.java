package org.pgminicluster.server.container;

/**
 * A container that does nothing but hold a network namespace for a node: its address and name on the network, and the
 * port that is published for it. The node's own container, which comes and goes, joins it.
 *
 * @param id the container's
 * @param port the published one
 * @see <a href="https://docs.docker.com/engine/network/#container-networks">Container networks</a>
 */
record NetworkNamespace(String id, int port) {}
