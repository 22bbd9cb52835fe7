package org.pgminicluster.attach;

import java.time.Duration;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.pgminicluster.runtime.ClusterRuntime;
import org.pgminicluster.runtime.Member;
import org.pgminicluster.script.Conninfo;
import org.pgminicluster.script.Sql;
import org.pgminicluster.session.Session;
import org.pgminicluster.session.SqlFailedException;

/**
 * Whether a subscriber's server gets through to a publisher's, and past its {@code pg_hba.conf}: a subscription is begun that
 * makes no slot, and rolled back. The role need not be there for it, since the file is asked first.
 */
final class LoginTrial {

    private static final String TRIAL = "minicluster_trial";
    private static final Pattern FROM = Pattern.compile("host \"([^\"]+)\"");

    private static final String CANCELED = "57014";
    private static final String SILENCE = "no answer comes";
    private static final Duration PATIENCE = Duration.ofSeconds(8);

    /** What libpq itself says when it comes to no server. */
    private static final Set<String> AWAY = Set.of(
            SILENCE,
            "Connection refused",
            "timeout expired",
            "could not translate host name",
            "No route to host",
            "Network is unreachable",
            "Connection timed out",
            "No such file or directory",
            "server closed the connection");

    private final ClusterRuntime runtime;
    private final MissingSubscription missing;
    private final ServerSurvey subscriber;
    private final boolean givenRole;

    LoginTrial(ClusterRuntime runtime, MissingSubscription missing, ServerSurvey subscriber) {
        this.runtime = runtime;
        this.missing = missing;
        this.subscriber = subscriber;
        this.givenRole = runtime.member(missing.subscription().publisher())
                .server()
                .replication()
                .isPresent();
    }

    void look(Complaints complaints) {
        Conninfo conninfo = missing.conninfo(runtime);
        Member place = missing.database().isThere() ? missing.database().database() : subscriber.maintenance();
        try (Session opened = place.session(runtime.settings().scaled(PATIENCE))) {
            Session session = opened.recordedBy(event -> {});
            session.execute("BEGIN");
            if (subscriber.superuser()) {
                session.execute("SET LOCAL lc_messages = 'C'");
            }
            session.execute("CREATE SUBSCRIPTION " + TRIAL + " CONNECTION " + Sql.literal(conninfo.toString())
                    + " PUBLICATION " + TRIAL + " WITH (create_slot = false, enabled = false, copy_data = false)");
            session.execute("ROLLBACK");
        } catch (SqlFailedException e) {
            boolean silent = CANCELED.equals(e.sqlState());
            judge(conninfo, silent ? SILENCE : e.serverMessage(), complaints);
        }
    }

    private void judge(Conninfo conninfo, String said, Complaints complaints) {
        String publisher = missing.subscription().publisher();
        String role = conninfo.get("user").orElse("");
        String way = conninfo.address().orElse("") + ":" + conninfo.get("port").orElse("");
        String answer = said.strip().replaceAll("\\s+", " ");
        if (said.contains("pg_hba.conf")) {
            Matcher from = FROM.matcher(said);
            String address = from.find() ? from.group(1) : "ADDRESS";
            complaints.add(
                    publisher + " to let the role " + role + " in from " + missing.subscriber(),
                    "its pg_hba.conf does not (" + answer + ")",
                    "add the line \"host " + conninfo.get("dbname").orElse("all") + " " + role + " " + address
                            + (address.contains(":") ? "/128" : "/32")
                            + " scram-sha-256\" there, then SELECT pg_reload_conf()");
        } else if (AWAY.stream().anyMatch(said::contains)) {
            complaints.add(
                    missing.subscriber() + " to reach " + publisher + " at " + way,
                    "does not (" + answer + ")",
                    "let " + publisher
                            + " listen there, or say by Attached.reachedBy(host, port) where other nodes reach"
                            + " it");
        } else if (givenRole && Stream.of("does not exist", TRIAL).noneMatch(said::contains)) {
            complaints.add(
                    publisher + " to let the role " + role + " in from " + missing.subscriber(),
                    "was refused (" + answer + ")",
                    "give its name and password by Attached.replication(role, password)");
        }
    }
}
