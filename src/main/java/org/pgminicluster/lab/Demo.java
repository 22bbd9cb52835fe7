package org.pgminicluster.lab;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.pgminicluster.EnvironmentException;
import org.pgminicluster.MiniClusterException;
import org.pgminicluster.cluster.MiniCluster;
import org.pgminicluster.journal.Journal;
import org.pgminicluster.topology.HomeworkTopology;

/** Runs the homework on real servers and prints it step by step. */
public final class Demo {

    private static final int AS_EXPECTED = 0;
    private static final int NOT_AS_EXPECTED = 1;
    private static final int CANNOT_RUN = 2;

    private Demo() {}

    /** Exits with 0 if everything was as expected, 1 if not, 2 if this machine cannot run it. */
    public static void main(String[] args) {
        // Named here and not found on the class path, since a library must not bring a logging configuration along.
        System.setProperty("logback.configurationFile", "org/pgminicluster/lab/logback.xml");
        System.exit(run(new PrintStream(System.out, true, StandardCharsets.UTF_8)));
    }

    static int run(PrintStream out) {
        Journal journal = new Journal();
        Console console = new Console(out);
        journal.onEntry(console::print);
        out.println(
                "The homework: vm1 writes test, vm2 writes test2, each holds a read-only copy of the other's, vm3 copies both.");
        try (MiniCluster cluster = MiniCluster.of(HomeworkTopology.create())
                .name("demo")
                .journal(journal)
                .bare()
                .start()) {
            boolean asExpected = new HomeworkLesson(cluster).tell();
            out.printf(
                    "%n%s%n",
                    asExpected ? "Everything was as expected." : "NOT everything was as expected, see FAILED above.");
            return asExpected ? AS_EXPECTED : NOT_AS_EXPECTED;
        } catch (EnvironmentException e) {
            out.printf("%nThis machine cannot run it: %s%n", e.getMessage());
            return CANNOT_RUN;
        } catch (MiniClusterException e) {
            out.printf("%nFAILED: %s%n", e.getMessage());
            return NOT_AS_EXPECTED;
        }
    }
}
