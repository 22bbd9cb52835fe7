package org.pgminicluster.script;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.pgminicluster.topology.Topology;

/** How nodes connect that make sure of each other, and what a person types for it. */
class TlsScriptTest {

    private static final String VERIFIED = " sslmode=verify-full sslrootcert=/var/lib/postgresql/root.crt";

    private final Topology topology = topology().tls().build();

    private static Topology.Builder topology() {
        return Topology.named("tls")
                .schema("CREATE TABLE item (id integer PRIMARY KEY)")
                .node("vm1", n -> n.publishes("items", "item"))
                .node("vm2", n -> n.subscribes("items_sub", "vm1", "items"))
                .standby("vm3")
                .of("vm2");
    }

    @Test
    void subscriptions_and_standbys_make_sure_of_whom_they_follow() {
        Script script = Script.of(topology, Peers.byName(topology));

        assertThat(script.phase(Step.Phase.SUBSCRIBE))
                .extracting(step -> step.command().toString())
                .containsExactly("CREATE SUBSCRIPTION items_sub\n    CONNECTION 'host=vm1 port=5432 dbname=rep"
                        + " user=replicator_vm2 passfile=/var/lib/postgresql/.pgpass application_name=items_sub"
                        + VERIFIED
                        + "'\n    PUBLICATION items");
        assertThat(Peers.byName(topology).standbyConninfo("vm3", "vm2", "rep"))
                .hasToString("host=vm2 port=5432 dbname=rep user=standby_vm3"
                        + " passfile=/var/lib/postgresql/.pgpass application_name=vm3" + VERIFIED);
    }

    @Test
    void a_name_that_leads_nowhere_gets_its_address_beside_it() {
        assertThat(local(true).conninfo("vm2", "vm1", "rep", "items_sub"))
                .hasToString("host=vm1 hostaddr=127.0.0.1 port=5433 dbname=rep user=replicator_vm2 passfile=/p"
                        + " application_name=items_sub sslmode=verify-full sslrootcert='/a b/root.crt'");
        assertThat(local(false).conninfo("vm2", "vm1", "rep", "items_sub"))
                .hasToString("host=127.0.0.1 port=5433 dbname=rep user=replicator_vm2 passfile=/p"
                        + " application_name=items_sub");
    }

    @Test
    void by_hand_a_node_needs_its_certificate_and_lets_nobody_in_without_tls() {
        assertThat(PsqlScript.of(topology, "vm1"))
                .contains(
                        "ALTER SYSTEM SET ssl = 'on';  -- whoever comes without TLS is refused\n"
                                + "ALTER SYSTEM SET ssl_cert_file = '/var/lib/postgresql/server.crt';  -- of vm1, signed by the"
                                + " authority whose certificate is in /var/lib/postgresql/root.crt\n"
                                + "ALTER SYSTEM SET ssl_key_file = '/var/lib/postgresql/server.key';  -- mode 0600\n",
                        "-- pg_hba.conf: hostssl all replicator_vm2 all scram-sha-256\n");
        assertThat(PsqlScript.of(topology, "vm2"))
                .contains("-- pg_hba.conf: hostssl replication standby_vm3 all scram-sha-256\n", VERIFIED);
        assertThat(PsqlScript.of(topology, "vm3"))
                .contains(
                        VERIFIED,
                        "# /var/lib/postgresql/server.crt and /var/lib/postgresql/server.key are its own,",
                        "ssl = 'on'  # whoever comes without TLS is refused\n");
    }

    @Test
    void without_tls_nothing_speaks_of_it() {
        Topology plain = topology().build();

        for (String node : plain.names()) {
            assertThat(PsqlScript.of(plain, node)).doesNotContain("ssl");
        }
    }

    private static Peers local(boolean tls) {
        return new Peers() {
            @Override
            public String host(String node) {
                return "127.0.0.1";
            }

            @Override
            public int port(String node) {
                return 5433;
            }

            @Override
            public String passfile(String node) {
                return "/p";
            }

            @Override
            public Optional<String> rootCertificate(String node) {
                return Optional.of("/a b/root.crt").filter(file -> tls);
            }
        };
    }
}
