package org.pgminicluster.cli;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.pgminicluster.EnvironmentException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows a server's log; the log stays when the cluster is down. */
@Command(
        name = "logs",
        description = "Show the end of a node's log.",
        footer = "%nThe logs stay when the cluster is down.")
final class LogsCommand implements Callable<Integer> {

    private static final String SUFFIX = ".log";
    private static final long MOST_BYTES = 64L * 1024 * 1024;

    private final Context context;

    @Parameters(paramLabel = "NODE", description = "Such as vm1.")
    private String node = "";

    @Option(
            names = {"-n", "--lines"},
            paramLabel = "N",
            description = "How many lines; 40 if not said, 0 for all.")
    private int count = 40;

    @Option(
            names = {"-f", "--follow"},
            description = "Go on as the log grows, until Ctrl-C.")
    private boolean follow;

    @Option(names = "--grep", paramLabel = "TEXT", description = "Only lines that contain this.")
    private String wanted = "";

    @Option(names = "--json", description = "As JSON, an object a line.")
    private boolean json;

    LogsCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() throws InterruptedException {
        ClusterDirectory directory = context.directory();
        List<String> known = known(directory);
        if (known.isEmpty()) {
            throw CommandException.inconclusive("expected logs to be in " + directory.path()
                    + ", but none are; start a cluster with minicluster up");
        }
        if (!known.contains(node)) {
            throw Nearest.unknown("the node", node, known);
        }
        if (count < 0) {
            throw CommandException.usage("expected --lines to be 0 or more, but was " + count);
        }
        try {
            print(directory.log(node));
        } catch (IOException e) {
            throw new EnvironmentException(
                    "expected " + directory.log(node) + " to be readable, but was not (" + e + ")", e);
        }
        return Exit.OK;
    }

    private static List<String> known(ClusterDirectory directory) {
        List<String> nodes = new ArrayList<>();
        if (Files.isDirectory(directory.path())) {
            try (DirectoryStream<Path> logs = Files.newDirectoryStream(directory.path(), "*" + SUFFIX)) {
                logs.forEach(log -> {
                    String name = log.getFileName().toString();
                    nodes.add(name.substring(0, name.length() - SUFFIX.length()));
                });
            } catch (IOException e) {
                throw new EnvironmentException("expected " + directory.path() + " to be readable, but was not", e);
            }
        }
        return nodes.stream().sorted().toList();
    }

    private void print(Path log) throws IOException, InterruptedException {
        try (RandomAccessFile file = new RandomAccessFile(log.toFile(), "r")) {
            file.seek(count == 0 ? 0 : Math.max(0, file.length() - MOST_BYTES));
            List<String> lines = next(file, !follow);
            lines.subList(count == 0 ? 0 : Math.max(0, lines.size() - count), lines.size())
                    .forEach(this::print);
            CountDownLatch never = new CountDownLatch(1);
            while (follow && context.terminal().lost().isEmpty() && !never.await(200, TimeUnit.MILLISECONDS)) {
                next(file, false).forEach(this::print);
            }
        }
    }

    /** The wanted lines from here on; the last one may still be written to, and is left if it is not to be taken. */
    private List<String> next(RandomAccessFile file, boolean takeUnfinished) throws IOException {
        long start = file.getFilePointer();
        byte[] bytes = new byte[Math.toIntExact(Math.max(0, file.length() - start))];
        file.readFully(bytes);
        int end = bytes.length;
        while (!takeUnfinished && end > 0 && bytes[end - 1] != '\n') {
            end--;
        }
        file.seek(start + end);
        return new String(bytes, 0, end, StandardCharsets.UTF_8)
                .lines()
                .filter(line -> line.contains(wanted))
                .toList();
    }

    private void print(String line) {
        if (json) {
            context.terminal()
                    .json(Printer.JSON.createObjectNode().put("node", node).put("line", line));
        } else {
            context.terminal().out().println(coloured(line));
        }
    }

    private String coloured(String line) {
        Terminal terminal = context.terminal();
        if (line.contains("ERROR:  ") || line.contains("FATAL:  ") || line.contains("PANIC:  ")) {
            return terminal.red(line);
        }
        return line.contains("WARNING:  ") ? terminal.yellow(line) : line;
    }
}
