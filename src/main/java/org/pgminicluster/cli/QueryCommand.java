package org.pgminicluster.cli;

import java.util.ArrayList;
import java.util.List;
import org.pgminicluster.cli.byhand.HandCommand;
import org.pgminicluster.cluster.Node;
import org.pgminicluster.script.Statements;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Executes, for {@code sql}, what is sent to a server in one message, on one node or on all. */
@Command(name = QueryCommand.NAME, hidden = true)
final class QueryCommand implements ClusterCommand {

    static final String NAME = "query";
    static final String ALL = "all";

    @Parameters(index = "0", paramLabel = "NODE")
    private String node = "";

    @Parameters(index = "1", paramLabel = "SQL")
    private String sql = "";

    @Option(names = "--database")
    private String database = "";

    @Option(names = "--json")
    private boolean json;

    /**
     * What to send so that this is done; what the statement begins with is no option.
     *
     * @param database empty for the cluster's own
     */
    static List<String> line(String node, String database, String sql, boolean json) {
        List<String> line = new ArrayList<>(List.of(NAME));
        if (!database.isEmpty()) {
            line.add("--database=" + database);
        }
        if (json) {
            line.add("--json");
        }
        line.addAll(List.of("--", node, sql));
        return line;
    }

    @Override
    public int run(ClusterSession session, Terminal terminal) {
        List<String> nodes = node.equals(ALL)
                ? session.running().cluster().nodes().stream().map(Node::name).toList()
                : List.of(node);
        int exit = Exit.OK;
        for (String each : nodes) {
            exit = Math.max(exit, execute(each, session, terminal));
        }
        return exit;
    }

    /** A server's refusal is an answer, not an accident. */
    private int execute(String each, ClusterSession session, Terminal terminal) {
        new Printer(terminal, json).typed(HandCommand.sql(each, sql));
        if (Statements.split(sql).isEmpty()) {
            return Exit.OK;
        }
        Node named = session.running().server(each);
        Node target = database.isEmpty() ? named : named.in(database);
        ClusterSession.Opened opened = session.connection(target);
        SqlAnswer answer =
                new SqlAnswer(target.database(), sql, opened.record(), terminal, ResultPrinter.on(terminal, json));
        if (opened.connection().send(sql, answer)) {
            answer.tookTooLong(session.running().statementTimeout().toMillis() / 1000.0);
        }
        return answer.isFailed() ? Exit.FAILED : Exit.OK;
    }
}
