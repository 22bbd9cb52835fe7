package org.pgminicluster.cli;

import org.pgminicluster.cluster.MiniCluster;
import org.pgminicluster.journal.Trace;
import picocli.CommandLine.Command;

/** Writes down, for {@code report}, what the cluster has become since it was started. */
@Command(name = NoteCommand.NAME, hidden = true)
final class NoteCommand implements ClusterCommand {

    static final String NAME = "note";

    @Override
    public int run(ClusterSession session, Terminal terminal) {
        note(session.running());
        return Exit.OK;
    }

    static void note(RunningCluster running) {
        MiniCluster cluster = running.cluster();
        Trace.Layout layout = LayoutReader.read(cluster, running.status());
        cluster.journal().add(null, layout);
    }
}
