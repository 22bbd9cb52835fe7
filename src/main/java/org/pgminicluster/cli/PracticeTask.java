package org.pgminicluster.cli;

import java.util.ArrayList;
import java.util.List;
import org.pgminicluster.lab.lesson.Texts;

/** The homework as whoever is going to do it reads it: how to get in, what is to be done, and what helps. */
final class PracticeTask {

    /** What helps, in this order: an explanation each, and what is typed where there is something to type. */
    private static final List<String> HELP = List.of("sql", "restart", "login", "standby", "check", "end");

    private static final int WIDEST = 100;

    private final Texts texts;
    private final Terminal terminal;

    PracticeTask(Texts texts, Terminal terminal) {
        this.texts = texts;
        this.terminal = terminal;
    }

    /**
     * @param title of the frame with the ways in
     * @param passfile where the superuser's password is
     * @param hba {@code pg_hba.conf}, as the servers find it
     * @param inContainers whether nobody can simply open that file
     */
    List<String> lines(
            String title, List<RunningCluster.Address> addresses, String passfile, String hba, boolean inContainers) {
        List<String> lines = waysIn(title, addresses, passfile);
        heading(lines, "title");
        fold(lines, "", texts.get("intro"));
        for (int number = 1; texts.find("task." + number).isPresent(); number++) {
            fold(lines, number + ". ", texts.get("task." + number));
        }
        heading(lines, "help");
        HELP.forEach(help -> {
            fold(lines, "- ", texts.get("help." + help));
            typed(help, addresses, hba).forEach(line -> lines.add("    " + line));
            if (help.equals("login")) {
                fold(lines, "  ", texts.get(inContainers ? "help.login.container" : "help.login.process"));
            }
        });
        return lines;
    }

    /** The frame with the ways in, and where the password is. */
    List<String> waysIn(String title, List<RunningCluster.Address> addresses, String passfile) {
        List<String> lines =
                new ArrayList<>(TextFrame.of(title, waysIn(addresses)).lines().toList());
        lines.add(texts.get("password"));
        lines.add("  export PGPASSFILE=" + passfile);
        return lines;
    }

    private List<String> waysIn(List<RunningCluster.Address> addresses) {
        List<String> lines = new ArrayList<>();
        for (RunningCluster.Address address : addresses) {
            String at = address.node() + "  ";
            String below = " ".repeat(at.length());
            if (address.running()) {
                lines.add(at + "psql -h " + address.host() + " -p " + address.port() + " -U " + address.user()
                        + (address.database().equals(address.user()) ? "" : " " + address.database()));
                lines.add(below + "jdbc:postgresql://" + address.host() + ":" + address.port() + "/"
                        + address.database() + "?user=" + address.user());
            } else {
                lines.add(at + texts.get("down"));
            }
            lines.add(below + texts.get("peer") + " " + conninfo(address));
        }
        return lines;
    }

    private static String conninfo(RunningCluster.Address address) {
        return "host=" + address.peerHost() + " port=" + address.peerPort();
    }

    private static List<String> typed(String help, List<RunningCluster.Address> addresses, String hba) {
        return switch (help) {
            case "sql" -> List.of("minicluster sql vm1", "minicluster sql vm1 -d rep -f FILE");
            case "restart" -> List.of("minicluster restart vm1");
            case "login" ->
                List.of(
                        "COPY (SELECT 'host rep ROLE all md5') TO PROGRAM 'cat >> " + hba + "';",
                        "SELECT pg_reload_conf();");
            case "standby" ->
                addresses.stream()
                        .filter(address -> address.node().equals("vm3"))
                        .map(vm3 -> "minicluster basebackup vm4 '" + conninfo(vm3) + " user=ROLE ...' SLOT")
                        .toList();
            case "check" -> List.of("minicluster check");
            default -> List.of("minicluster down");
        };
    }

    private void heading(List<String> lines, String key) {
        lines.add("");
        lines.add(terminal.bold(texts.get(key)));
    }

    void fold(List<String> lines, String begin, String text) {
        int width = Math.min(terminal.width(), WIDEST);
        String below = " ".repeat(begin.length());
        List<String> folded = TextTable.fold(text, width - begin.length());
        for (int i = 0; i < folded.size(); i++) {
            lines.add((i == 0 ? begin : below) + folded.get(i));
        }
    }
}
