package org.pgminicluster.script;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.pgminicluster.topology.Subscription;
import org.pgminicluster.topology.Topology;

/** {@code CREATE SUBSCRIPTION} in all its forms. */
class SubscriptionSqlTest {

    private static final Conninfo CONNINFO = new Conninfo(Map.of("host", "vm1"));

    @Test
    void with_every_default() {
        assertThat(sql("sub", s -> {}, CONNINFO))
                .isEqualTo("CREATE SUBSCRIPTION sub\n    CONNECTION 'host=vm1'\n    PUBLICATION p, \"Pub 'two'\"");
    }

    @Test
    void with_options_in_the_order_of_the_manual_whatever_the_order_they_were_said_in() {
        assertThat(sql(
                        "sub",
                        s -> s.with("streaming", "parallel")
                                .with("binary", "on")
                                .synchronousCommit("remote_apply")
                                .slotName("my_slot")
                                .copyData(false),
                        CONNINFO))
                .endsWith("\n    WITH (slot_name = 'my_slot', copy_data = false,"
                        + " synchronous_commit = 'remote_apply', binary = on, streaming = 'parallel')");
    }

    @Test
    void a_name_that_no_slot_can_have_gets_a_slot_of_a_tamed_one() {
        assertThat(sql("My \"sub\"", s -> {}, CONNINFO))
                .isEqualTo("CREATE SUBSCRIPTION \"My \"\"sub\"\"\"\n    CONNECTION 'host=vm1'\n"
                        + "    PUBLICATION p, \"Pub 'two'\"\n    WITH (slot_name = '_y__sub__783cbdb0')");
    }

    @Test
    void a_name_of_the_greatest_length_is_tamed_within_the_limit() {
        String slot = sql("Ü".repeat(31), s -> {}, CONNINFO).replaceAll("(?s).*slot_name = '(.*)'.*", "$1");

        assertThat(slot).matches("_{31}_[0-9a-f]{8}");
    }

    @Test
    void quotes_and_backslashes_of_a_connection_string_survive_both_levels() {
        Conninfo conninfo = new Conninfo(Map.of("dbname", "it's \\ \"x\""));

        assertThat(conninfo).hasToString("dbname='it\\'s \\\\ \"x\"'");
        assertThat(sql("sub", s -> {}, conninfo)).contains("CONNECTION E'dbname=''it\\\\''s \\\\\\\\ \"x\"'''\n");
    }

    private static String sql(String name, Consumer<Subscription.Builder> options, Conninfo conninfo) {
        Subscription subscription = Topology.named("test")
                .node("vm1", n -> n.publishes("p", "test").publishes("Pub 'two'", "test2"))
                .node(
                        "vm2",
                        n -> n.subscription(name, s -> {
                            s.to("vm1", "p", "Pub 'two'");
                            options.accept(s);
                        }))
                .build()
                .node("vm2")
                .databases()
                .get(0)
                .subscriptions()
                .get(0);
        return SubscriptionSql.create(subscription, conninfo);
    }
}
