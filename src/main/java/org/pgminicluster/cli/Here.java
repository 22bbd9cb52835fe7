package org.pgminicluster.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** Where somebody stands who names a file: the daemon, which reads or writes it, stands elsewhere. */
final class Here {

    private static final String NAME = "--here";

    @Option(names = NAME, hidden = true)
    private Path directory = Path.of("");

    Path resolve(Path typed) {
        return directory.resolve(typed).toAbsolutePath().normalize();
    }

    /** The command as it was typed, with that. */
    static List<String> added(List<String> typed) {
        List<String> added = new ArrayList<>(typed);
        int end = typed.indexOf("--");
        added.add(end < 0 ? typed.size() : end, NAME + "=" + Path.of("").toAbsolutePath());
        return added;
    }
}
