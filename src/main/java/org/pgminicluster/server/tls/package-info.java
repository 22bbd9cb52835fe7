/**
 * Certificates of servers, and the authority that signs them. The JDK signs but has no public way to write a certificate, which
 * is little more than nested lengths; so no library is needed for it.
 */
@NullMarked
package org.pgminicluster.server.tls;

import org.jspecify.annotations.NullMarked;
