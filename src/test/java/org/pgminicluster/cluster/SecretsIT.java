package org.pgminicluster.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.pgminicluster.MiniClusterException;
import org.pgminicluster.journal.Row;
import org.pgminicluster.junit.MiniClusterTest;
import org.pgminicluster.junit.RequiresPostgres;
import org.pgminicluster.junit.TopologyFrom;
import org.pgminicluster.script.Conninfo;
import org.pgminicluster.script.Step;
import org.pgminicluster.topology.Topology;

/** The passwords of a cluster are in no log, journal, exception, catalog or command line, however much is logged. */
@MiniClusterTest
class SecretsIT {

    static Topology talkative() {
        return Topology.named("talkative")
                .schema(SmallTopologies.TABLE)
                .setting("log_statement", "all")
                .setting("log_min_duration_statement", "0")
                .setting("log_min_messages", "debug1")
                .setting("log_min_error_statement", "debug1")
                .setting("log_connections", "on")
                .node("vm1", n -> n.publishes("test_pub", "test"))
                .node("vm2", n -> n.subscribes("test_sub", "vm1", "test_pub"))
                .build();
    }

    @Test
    @TopologyFrom("talkative")
    @RequiresPostgres(min = 11, because = "10 reads no file by an absolute path")
    void passwords_are_nowhere_to_be_read(MiniCluster cluster, Node vm1, Node vm2) throws Exception {
        cluster.awaitReplicated();
        Set<String> passwords = passwords(cluster, vm2);
        vm1.execute("ALTER ROLE replicator_vm2 PASSWORD 'another'");
        vm2.execute("ALTER SUBSCRIPTION test_sub DISABLE");
        vm2.execute("ALTER SUBSCRIPTION test_sub SET (slot_name = NONE)");
        vm2.execute("DROP SUBSCRIPTION test_sub");
        vm1.execute("DROP ROLE IF EXISTS nobody");

        Step subscribe = cluster.script().phase(Step.Phase.SUBSCRIBE).get(0);
        MiniClusterException refused =
                catchThrowableOfType(MiniClusterException.class, () -> cluster.carryOut(subscribe));
        assertThat(refused).message().contains("password authentication failed for user \"replicator_vm2\"");
        vm1.execute("REASSIGN OWNED BY replicator_vm2 TO postgres");
        vm1.execute("DROP ROLE replicator_vm2");
        Step setPassword = cluster.script().phase(Step.Phase.ROLE).stream()
                .filter(step -> step.command() instanceof Step.SetPassword)
                .findFirst()
                .orElseThrow();
        MiniClusterException noRole =
                catchThrowableOfType(MiniClusterException.class, () -> cluster.carryOut(setPassword));
        assertThat(noRole).message().contains("role \"replicator_vm2\" does not exist");

        assertThat(passwords).hasSize(2).allMatch(password -> password.length() >= 20);
        assertClean(passwords, "an exception", stackTrace(refused) + stackTrace(noRole));
        assertClean(passwords, "the snapshot", cluster.snapshot().toString());
        assertClean(passwords, "the journal", cluster.journal().entries().toString());
        assertClean(passwords, "the cluster", cluster + cluster.script().toString());
        assertClean(
                passwords,
                "pg_stat_activity",
                vm1.member().look("SELECT * FROM pg_stat_activity").toString());
        assertClean(
                passwords,
                "pg_settings",
                vm1.member().look("SELECT * FROM pg_settings").toString());
        for (Path file : files(cluster.directory())) {
            assertClean(passwords, file.toString(), Files.readString(file, StandardCharsets.ISO_8859_1));
        }
        assertThat(files(cluster.directory()))
                .extracting(path -> path.getFileName().toString())
                .contains("vm1.log", "vm2.log", "journal.jsonl");
        assertThat(vm1.log().since(new org.pgminicluster.server.ServerLog.Mark(0)))
                .as("statements are logged here")
                .contains("ALTER ROLE replicator_vm2 PASSWORD 'another'");
        assertNoCommandLine(passwords);
    }

    /** The superuser's, and from the passfile on the server itself those that it uses as a client. */
    private static Set<String> passwords(MiniCluster cluster, Node subscriber) {
        Set<String> passwords = new LinkedHashSet<>();
        passwords.add(cluster.superuser().password());
        String passfile = Conninfo.parse(subscriber.conninfoTo(subscriber, "x"))
                .get("passfile")
                .orElseThrow();
        List<Row> lines = subscriber
                .member()
                .look(
                        "SELECT line FROM regexp_split_to_table(pg_read_file(?), '\\n') AS line WHERE line <> ''",
                        passfile)
                .values();
        lines.forEach(line -> passwords.add(line.text(0).replaceFirst("^\\*:\\*:\\*:replicator_vm2:", "")));
        return passwords;
    }

    private static void assertClean(Set<String> passwords, String what, String text) {
        for (String password : passwords) {
            // Not by AssertJ's own words: they would show the password and all of the text.
            assertThat(text.contains(password)).as("a password is in " + what).isFalse();
        }
    }

    private static void assertNoCommandLine(Set<String> passwords) {
        ProcessHandle.allProcesses()
                .flatMap(process -> process.info().commandLine().stream())
                .forEach(command -> assertClean(passwords, "a command line", command));
    }

    private static List<Path> files(Path directory) throws Exception {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(Files::isRegularFile).toList();
        }
    }

    private static String stackTrace(Throwable thrown) {
        StringWriter text = new StringWriter();
        thrown.printStackTrace(new PrintWriter(text));
        return text.toString();
    }
}
