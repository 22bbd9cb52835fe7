package org.pgminicluster.cli.byhand;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.pgminicluster.cluster.MiniCluster;
import org.pgminicluster.cluster.Node;
import org.pgminicluster.server.Owner;
import org.pgminicluster.server.ServerKind;
import org.pgminicluster.server.StopMode;
import org.pgminicluster.server.container.ContainerServers;

/**
 * How a person does to a server what is done to it here: by its data directory if it is a process, by its labels if it
 * is a container. Asked for while the server runs, and kept, since it is needed when it does not.
 *
 * @param node the node
 * @param group the name of its cluster
 * @param kind what it runs in
 * @param data its data directory
 * @param hba its {@code pg_hba.conf}
 * @param log where its output goes, if it is a process
 * @param runAs what goes before a program that does not work for root
 */
public record ServerByHand(
        String node, String group, ServerKind kind, String data, String hba, Path log, String runAs) {

    private static final String NODE = "org.pgminicluster.node";
    private static final String OWNER = "org.pgminicluster.owner.pid";
    private static final String REWIND = "pg_rewind";

    private static final String OPTIONS = "postmaster.opts";

    static ServerByHand of(Node node, MiniCluster cluster) {
        List<String> files = Look.row(node, "SELECT current_setting('data_directory'), current_setting('hba_file')");
        try {
            return new ServerByHand(
                    node.name(),
                    String.valueOf(cluster.directory().getFileName()),
                    cluster.servers(),
                    files.get(0),
                    files.get(1),
                    node.log().file(),
                    cluster.servers() == ServerKind.PROCESS ? runAs(Path.of(files.get(0))) : "");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Who owns the files tells how the server was started. */
    private static String runAs(Path data) throws IOException {
        if (!System.getProperty("user.name", "").equals("root")) {
            return "";
        }
        String owner = Files.getOwner(data).getName();
        return owner.equals("root") ? "unshare -U " : "setpriv --reuid=" + owner + " --regid=nogroup --clear-groups ";
    }

    public HandCommand kill() {
        return HandCommand.shell(isContainer() ? "docker kill " + container() : signalAll("KILL"));
    }

    public HandCommand pause() {
        return HandCommand.shell(isContainer() ? "docker pause " + container() : signalAll("STOP"));
    }

    public HandCommand resume() {
        return HandCommand.shell(isContainer() ? "docker unpause " + container() : signalAll("CONT"));
    }

    public HandCommand stop(StopMode mode) {
        return HandCommand.shell(
                isContainer()
                        ? "docker kill --signal " + mode.signal() + " " + container()
                        : "kill -" + mode.signal() + " " + postmaster());
    }

    /** As it was started before. */
    public HandCommand start() {
        return HandCommand.shell(isContainer() ? "docker start " + container() : start(data, Map.of()));
    }

    /** Stops it and starts it with other settings; its own come before every file and every ALTER SYSTEM. */
    public List<HandCommand> restart(Map<String, String> settings) {
        List<HandCommand> commands = new ArrayList<>();
        if (isContainer()) {
            commands.addAll(configure(settings));
            commands.add(stop(StopMode.FAST));
            commands.add(HandCommand.shell("docker wait " + container() + " && docker start " + container()));
        } else {
            String wait = "p=" + postmaster() + "; kill -INT $p; while kill -0 $p; do sleep 0.1; done";
            commands.add(HandCommand.shell(wait));
            commands.add(HandCommand.shell(start(data, settings)));
        }
        return commands;
    }

    private String start(String options, Map<String, String> settings) {
        String all = settings.entrySet().stream()
                .map(setting -> " -c " + setting.getKey() + "=" + setting.getValue())
                .collect(Collectors.joining());
        return "sh -c \"exec " + runAs + "$(cat " + options + "/" + OPTIONS + ")" + all + "\" >> " + log + " 2>&1 &";
    }

    /** The file is root's, whoever the server runs as. */
    private List<HandCommand> configure(Map<String, String> settings) {
        return settings.entrySet().stream()
                .map(setting -> HandCommand.shell("docker exec --user root " + container() + " sh -c "
                        + ShellWord.quoted("echo " + setting.getKey() + "=" + setting.getValue() + " >> "
                                + besideHba("settings"))))
                .toList();
    }

    /** Refuses roles before any other line is looked at. */
    HandCommand refuse(List<String> lines) {
        return edit(lines, line -> "1i " + line);
    }

    /** Takes those lines out again. */
    HandCommand admit(List<String> lines) {
        return edit(lines, line -> "/^" + line + "$/d");
    }

    private HandCommand edit(List<String> lines, Function<String, String> change) {
        String changes = lines.stream()
                .map(line -> " -e " + ShellWord.quoted(change.apply(line)))
                .collect(Collectors.joining());
        return HandCommand.shell(
                (isContainer() ? "docker exec " + container() + " " : "") + "sed -i" + changes + " " + hba);
    }

    /** Sends a signal to one backend. */
    public HandCommand signal(String signal, String pid) {
        return inside("kill -" + signal + " " + pid);
    }

    /**
     * Makes a standby of it, which is down, by a copy of its primary.
     *
     * @param program what brought the data to the primary's state
     * @param settings those that it gets with that
     */
    public List<HandCommand> follow(String program, String conninfo, String slot, Map<String, String> settings) {
        return isContainer()
                ? followInContainer(program, conninfo, slot, settings)
                : followAsProcess(program, conninfo, slot, settings);
    }

    /** What a base backup brings along is the primary's. */
    private List<HandCommand> followAsProcess(
            String program, String conninfo, String slot, Map<String, String> settings) {
        String home = String.valueOf(Path.of(data).getParent());
        return List.of(
                HandCommand.shell("cp " + hba + " " + data + "/" + OPTIONS + " " + home),
                HandCommand.shell(copy(program, conninfo, runAs)),
                HandCommand.shell(followed(conninfo, slot)),
                HandCommand.shell("cp " + home + "/pg_hba.conf " + hba),
                HandCommand.shell(start(home, settings)));
    }

    /** It runs without the server while that file is there. */
    private List<HandCommand> followInContainer(
            String program, String conninfo, String slot, Map<String, String> settings) {
        String hold = besideHba("hold");
        String path = "PATH=$(dirname $(command -v postgres)):$PATH; ";
        List<HandCommand> commands = new ArrayList<>();
        commands.add(HandCommand.shell(
                ": > hold && docker cp hold " + container() + ":" + hold + " && docker start " + container()));
        commands.add(inside(path + copy(program, conninfo, "")));
        commands.add(inside(followed(conninfo, slot)));
        commands.addAll(configure(settings));
        commands.add(inside("rm " + hold));
        return commands;
    }

    private String copy(String program, String conninfo, String before) {
        return program.equals(REWIND)
                ? "rm -f " + data + "/postmaster.pid; " + before + "pg_rewind --target-pgdata=" + data
                        + " --source-server=" + ShellWord.quoted(conninfo) + " --write-recovery-conf"
                : "rm -rf " + data + "/* && " + before + "pg_basebackup --pgdata=" + data + " --dbname="
                        + ShellWord.quoted(conninfo)
                        + " --wal-method=stream --checkpoint=fast --write-recovery-conf";
    }

    /** The last word counts: a program of another major may have written what the server does not know. */
    private String followed(String conninfo, String slot) {
        return "printf \"primary_conninfo = '%s'\\nprimary_slot_name = '%s'\\n\" " + ShellWord.quoted(conninfo) + " "
                + slot + " >> " + data + "/postgresql.auto.conf";
    }

    private HandCommand inside(String command) {
        return HandCommand.shell(
                isContainer() ? "docker exec " + container() + " sh -c " + ShellWord.quoted(command) : command);
    }

    /** Ends a process and deletes what it had. */
    public List<HandCommand> removeProcess() {
        return List.of(HandCommand.shell("p=" + postmaster() + "; kill -QUIT $p; while kill -0 $p; do sleep 0.1; done;"
                + " rm -r " + Path.of(data).getParent()));
    }

    /** Ends it alone, with what it had. */
    public List<HandCommand> remove() {
        return isContainer()
                ? List.of(HandCommand.shell("docker rm --force --volumes " + container()))
                : removeProcess();
    }

    /** All that this JVM has made at the engine. */
    public static List<HandCommand> removeContainers() {
        String mine = " -f " + owner();
        return List.of(
                HandCommand.shell("docker rm --force --volumes $(docker ps -aq" + mine + ")"),
                HandCommand.shell("docker network rm $(docker network ls -q" + mine + ")"));
    }

    /** By its name, since one that was used before is labelled with the cluster of then. */
    String container() {
        return "$(docker ps -aq -f name=" + ContainerServers.nameOf(group) + " -f label=" + NODE + "=" + node + " -f "
                + owner() + ")";
    }

    /** Two clusters may have the same name. */
    private static String owner() {
        return "label=" + OWNER + "=" + Owner.current().pid();
    }

    private String besideHba(String file) {
        return Path.of(hba).resolveSibling(file).toString();
    }

    private String postmaster() {
        return "$(head -n 1 " + data + "/postmaster.pid)";
    }

    /** To the postmaster and all its children. */
    private String signalAll(String signal) {
        return "p=" + postmaster() + "; kill -" + signal + " $p $(pgrep -P $p)";
    }

    boolean isContainer() {
        return kind == ServerKind.CONTAINER;
    }
}
