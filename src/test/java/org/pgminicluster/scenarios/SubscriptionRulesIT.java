package org.pgminicluster.scenarios;

import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.pgminicluster.assertj.MiniClusterAssertions.assertThat;
import static org.pgminicluster.assertj.MiniClusterAssertions.row;
import static org.pgminicluster.scenarios.Subscribing.createSubscription;

import org.junit.jupiter.api.Test;
import org.pgminicluster.cluster.MiniCluster;
import org.pgminicluster.cluster.Node;
import org.pgminicluster.junit.Behaviour;
import org.pgminicluster.junit.MiniClusterTest;
import org.pgminicluster.junit.RequiresPostgres;
import org.pgminicluster.junit.TopologyFrom;
import org.pgminicluster.server.ServerLog;
import org.pgminicluster.session.Session;

/**
 * What PostgreSQL refuses when a subscription is made, altered or dropped, and what it takes.
 *
 * @see <a href="https://www.postgresql.org/docs/13/sql-createsubscription.html">CREATE SUBSCRIPTION</a>
 * @see <a href="https://www.postgresql.org/docs/13/sql-altersubscription.html">ALTER SUBSCRIPTION</a>
 */
@MiniClusterTest
@TopologyFrom("org.pgminicluster.scenarios.Subscribing#oneWay")
class SubscriptionRulesIT {

    private static final String CATALOG = "SELECT subname, subenabled, subslotname FROM pg_subscription";

    @Test
    @Behaviour("sub-create-slot-not-in-transaction")
    void a_subscription_that_makes_its_slot_cannot_be_made_in_a_transaction(
            MiniCluster cluster, Node publisher, Node subscriber) {
        String subscribe = createSubscription("item_sub", subscriber, publisher, "item_pub");
        publisher.query("SELECT pg_create_logical_replication_slot('item_sub', 'pgoutput')");
        try (Session session = subscriber.session()) {
            session.execute("BEGIN");
            assertThatThrownBy(() -> session.execute(subscribe))
                    .hasMessageContaining("CREATE SUBSCRIPTION ... WITH (create_slot = true) cannot run inside a"
                            + " transaction block");
            session.execute("ROLLBACK");

            session.execute("BEGIN");
            session.execute(subscribe + " WITH (create_slot = false)");
            session.execute("COMMIT");
        }

        cluster.awaitReplicated();
        assertThat(subscriber).table("item").hasRows(row(1, "one"), row(2, "two"));
    }

    @Test
    @Behaviour("sub-drop-with-slot-not-in-transaction")
    void a_subscription_that_has_a_slot_cannot_be_dropped_in_a_transaction(
            MiniCluster cluster, Node publisher, Node subscriber) {
        subscriber.execute(createSubscription("item_sub", subscriber, publisher, "item_pub"));
        try (Session session = subscriber.session()) {
            session.execute("BEGIN");

            assertThatThrownBy(() -> session.execute("DROP SUBSCRIPTION item_sub"))
                    .hasMessageContaining("DROP SUBSCRIPTION cannot run inside a transaction block");
            session.execute("ROLLBACK");
        }
        assertThat(subscriber).query(CATALOG).hasRows(row("item_sub", true, "item_sub"));
        assertThat(publisher)
                .query("SELECT slot_name FROM pg_replication_slots WHERE slot_name !~ '_sync_'")
                .hasRows(row("item_sub"));
    }

    @Test
    @Behaviour("sub-connect-false")
    @RequiresPostgres(max = 15, because = "16 words the warning otherwise")
    void without_connecting_a_subscription_is_stored_and_does_nothing_until_enabled_and_refreshed(
            MiniCluster cluster, Node publisher, Node subscriber) {
        ServerLog.Mark before = subscriber.log().mark();
        subscriber.execute("CREATE SUBSCRIPTION item_sub CONNECTION 'host=nowhere.invalid' PUBLICATION item_pub"
                + " WITH (connect = false)");

        cluster.awaitLog(
                subscriber,
                before,
                "WARNING:  tables were not subscribed, you will have to run"
                        + " ALTER SUBSCRIPTION ... REFRESH PUBLICATION to subscribe the tables");
        assertThat(subscriber).query(CATALOG).hasRows(row("item_sub", false, "item_sub"));
        assertThat(subscriber).query("SELECT * FROM pg_subscription_rel").isEmpty();
        assertThat(publisher).query("SELECT * FROM pg_replication_slots").isEmpty();

        publisher.query("SELECT pg_create_logical_replication_slot('item_sub', 'pgoutput')");
        subscriber.execute(
                "ALTER SUBSCRIPTION item_sub CONNECTION '" + subscriber.conninfoTo(publisher, "item_sub") + "'");
        subscriber.execute("ALTER SUBSCRIPTION item_sub ENABLE");
        subscriber.execute("ALTER SUBSCRIPTION item_sub REFRESH PUBLICATION");
        cluster.awaitReplicated();
        assertThat(subscriber).table("item").hasRows(row(1, "one"), row(2, "two"));
    }

    @Test
    @Behaviour("sub-option-conflicts")
    @RequiresPostgres(min = 11, because = "10 words it otherwise")
    void options_that_contradict_each_other_are_refused(Node publisher, Node subscriber) {
        String[][] conflicts = {
            {"connect = false, copy_data = true", "connect = false and copy_data = true are mutually exclusive options"
            },
            {"connect = false, enabled = true", "connect = false and enabled = true are mutually exclusive options"},
            {
                "connect = false, create_slot = true",
                "connect = false and create_slot = true are mutually exclusive options"
            },
            {"slot_name = NONE, enabled = true", "slot_name = NONE and enabled = true are mutually exclusive options"},
            {
                "slot_name = NONE, enabled = false, create_slot = true",
                "slot_name = NONE and create_slot = true are mutually exclusive options"
            },
            {"slot_name = NONE", "subscription with slot_name = NONE must also set enabled = false"},
            {"slot_name = NONE, enabled = false", "subscription with slot_name = NONE must also set create_slot = false"
            },
            {"enabled = false, enabled = false", "conflicting or redundant options"},
            {"colour = 'red'", "unrecognized subscription parameter: \"colour\""},
        };

        for (String[] conflict : conflicts) {
            assertThat(subscriber)
                    .rejects(createSubscription("s", subscriber, publisher, "item_pub WITH (" + conflict[0] + ")"))
                    .withMessage(conflict[1]);
        }
        assertThat(subscriber).query(CATALOG).isEmpty();
    }

    @Test
    @Behaviour("sub-basic-validation")
    void names_and_connection_strings_are_checked_first(Node publisher, Node subscriber) {
        subscriber.execute(createSubscription("item_sub", subscriber, publisher, "item_pub"));

        assertThat(subscriber)
                .rejects(createSubscription("item_sub", subscriber, publisher, "item_pub"))
                .withMessage("subscription \"item_sub\" already exists");
        assertThat(subscriber)
                .rejects(createSubscription("other_sub", subscriber, publisher, "item_pub, item_pub"))
                .withMessage("publication name \"item_pub\" used more than once");
        assertThat(subscriber)
                .rejects("CREATE SUBSCRIPTION other_sub CONNECTION 'nonsense' PUBLICATION item_pub")
                .withMessageContaining("invalid connection string syntax: missing \"=\" after \"nonsense\"");
        assertThat(subscriber).query(CATALOG).hasRows(row("item_sub", true, "item_sub"));
    }

    @Test
    @Behaviour({"sub-enable-needs-slot", "sub-slot-none-needs-disabled"})
    void a_subscription_gives_its_slot_up_only_while_disabled_and_is_enabled_only_with_one(
            Node publisher, Node subscriber) {
        subscriber.execute(createSubscription("item_sub", subscriber, publisher, "item_pub"));
        assertThat(subscriber)
                .rejects("ALTER SUBSCRIPTION item_sub SET (slot_name = NONE)")
                .withMessage("cannot set slot_name = NONE for enabled subscription");

        subscriber.execute("ALTER SUBSCRIPTION item_sub DISABLE");
        subscriber.execute("ALTER SUBSCRIPTION item_sub SET (slot_name = NONE)");

        assertThat(subscriber).query(CATALOG).hasRows(row("item_sub", false, null));
        assertThat(subscriber)
                .rejects("ALTER SUBSCRIPTION item_sub ENABLE")
                .withMessage("cannot enable subscription that does not have a slot name");
    }

    @Test
    @Behaviour("sub-name-unique-per-database")
    void two_databases_of_one_server_may_each_have_a_subscription_of_the_same_name(
            MiniCluster cluster, Node publisher, Node subscriber) {
        subscriber.execute("CREATE DATABASE other");
        Node other = subscriber.in("other");
        other.execute("CREATE TABLE item (id integer PRIMARY KEY, name text)");

        subscriber.execute(createSubscription("item_sub", subscriber, publisher, "item_pub"));
        other.execute(createSubscription("item_sub", other, publisher, "item_pub WITH (slot_name = other_slot)"));

        cluster.awaitReplicated();
        cluster.awaitReplicated(other, "item_sub");
        assertThat(subscriber).table("item").hasRows(row(1, "one"), row(2, "two"));
        assertThat(other).table("item").hasRows(row(1, "one"), row(2, "two"));
        assertThat(publisher)
                .query("SELECT slot_name FROM pg_replication_slots WHERE slot_name !~ '_sync_'")
                .hasRows(row("item_sub"), row("other_slot"));
    }

    @Test
    @Behaviour("sub-database-with-subscription-undroppable")
    @RequiresPostgres(min = 13, because = "before, the use by its apply worker was what the refusal spoke of")
    void a_database_that_holds_a_subscription_cannot_be_dropped_even_by_force(Node publisher, Node subscriber) {
        subscriber.execute("CREATE DATABASE other");
        Node other = subscriber.in("other");
        other.execute("CREATE TABLE item (id integer PRIMARY KEY, name text)");
        other.execute(createSubscription("item_sub", other, publisher, "item_pub"));

        for (String drop : new String[] {"DROP DATABASE other", "DROP DATABASE other WITH (FORCE)"}) {
            assertThat(subscriber)
                    .rejects(drop)
                    .withMessage("database \"other\" is being used by logical replication subscription")
                    .withDetail("There is 1 subscription.");
        }

        other.execute("DROP SUBSCRIPTION item_sub");
        subscriber.execute("DROP DATABASE other WITH (FORCE)");
        assertThat(subscriber)
                .query("SELECT datname FROM pg_database WHERE datname = 'other'")
                .isEmpty();
    }

    @Test
    @Behaviour("sub-synchronous-commit-off-default")
    void changes_are_applied_with_synchronous_commit_off_unless_it_is_said_otherwise(Node publisher, Node subscriber) {
        String level = "SELECT subsynccommit FROM pg_subscription";
        subscriber.execute(createSubscription("item_sub", subscriber, publisher, "item_pub"));
        assertThat(subscriber).query("SHOW synchronous_commit").hasValue("on");
        assertThat(subscriber).query(level).hasValue("off");

        subscriber.execute("ALTER SUBSCRIPTION item_sub SET (synchronous_commit = remote_apply)");

        assertThat(subscriber).query(level).hasValue("remote_apply");
    }
}
