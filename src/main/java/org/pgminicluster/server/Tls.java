package org.pgminicluster.server;

import java.nio.file.Path;
import org.apiguardian.api.API;
import org.pgminicluster.server.tls.Authority;

/**
 * That a server speaks TLS over TCP, with a certificate of its own.
 *
 * @param authority who signs it, and in whom the server believes as a client of others
 * @param rootCertificate the file of this JVM that holds the authority's certificate
 * @see <a href="https://www.postgresql.org/docs/13/ssl-tcp.html">Secure TCP/IP Connections with SSL</a>
 */
@API(status = API.Status.INTERNAL)
public record Tls(Authority authority, Path rootCertificate) {}
