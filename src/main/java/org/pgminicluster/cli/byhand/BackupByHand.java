package org.pgminicluster.cli.byhand;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.pgminicluster.server.Address;
import org.pgminicluster.server.Recovery;

/**
 * How a person backs a server up and restores it: by programs on this machine if it is a process, by those of its image if
 * it is a container.
 *
 * @param server whose
 * @param address where this machine reaches it
 * @param user who logs in
 * @param passfile what that one's password is in
 */
public record BackupByHand(ServerByHand server, Address address, String user, String passfile) {

    /** Dumps a database into a file. */
    public HandCommand dump(String database, String file) {
        String options = " --dbname=" + ShellWord.quoted(database) + " --format=custom";
        return HandCommand.shell(
                server.isContainer()
                        ? inside("pg_dump", "") + options + " > " + ShellWord.quoted(file)
                        : outside("pg_dump") + options + " --file=" + ShellWord.quoted(file));
    }

    /** Copies the whole server into a directory. */
    public HandCommand base(String directory) {
        String options = " --wal-method=stream --checkpoint=fast";
        return HandCommand.shell(
                server.isContainer()
                        ? inside("pg_basebackup", "") + " --pgdata=/tmp/base" + options + " && docker cp "
                                + server.container() + ":/tmp/base " + ShellWord.quoted(directory)
                        : outside("pg_basebackup") + " --pgdata=" + ShellWord.quoted(directory) + options);
    }

    /** Restores a dump into a database that is there. */
    public HandCommand restore(String file, String database) {
        String options =
                " --dbname=" + ShellWord.quoted(database) + " --exit-on-error --no-subscriptions" + " --no-privileges ";
        return HandCommand.shell(
                server.isContainer()
                        ? inside("pg_restore", "-i ") + options + "< " + ShellWord.quoted(file)
                        : outside("pg_restore") + options + ShellWord.quoted(file));
    }

    /** Starts a server of one's own on a copy of a base backup, which recovers from what was archived. */
    public List<HandCommand> recover(String backup, Map<String, String> settings, int major) {
        String data = server.data();
        List<HandCommand> commands = new ArrayList<>();
        commands.add(HandCommand.shell("cp -r " + ShellWord.quoted(backup) + " " + data + " && chmod 700 " + data));
        new Recovery(settings)
                .lines()
                .lines()
                .forEach(line -> commands.add(
                        HandCommand.shell("echo " + echoed(line) + " >> " + data + "/" + Recovery.file(major))));
        commands.add(HandCommand.shell("touch " + data + "/" + Recovery.signal(major)));
        commands.add(server.start());
        return commands;
    }

    /** A line of settings has quotes of its own. */
    private static String echoed(String line) {
        return line.matches("[^$`\"\\\\!]*") ? '"' + line + '"' : ShellWord.quoted(line);
    }

    private String outside(String program) {
        return "PGPASSFILE=" + ShellWord.quoted(passfile) + " " + program + " --host=" + address.host() + " --port="
                + address.port() + " --username=" + user;
    }

    private String inside(String program, String options) {
        return "docker exec " + options + server.container() + " " + program + " --username=" + user;
    }
}
