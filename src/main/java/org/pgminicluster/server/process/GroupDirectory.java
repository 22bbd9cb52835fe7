package org.pgminicluster.server.process;

import java.io.IOException;
import java.io.Reader;
import java.io.StringWriter;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import org.pgminicluster.EnvironmentException;
import org.pgminicluster.MiniClusterException;
import org.pgminicluster.server.Owner;

/** The directory of one group, which says whose it is before anything else is in it. */
record GroupDirectory(Path path) {

    private static final String OWNER = "owner.properties";
    private static final int LONGEST_NAME = 60;

    /** Makes a new one of this JVM. */
    static GroupDirectory make(Path temporary, String group) {
        String name = FileNames.of(group);
        String end = name.substring(0, Math.min(name.length(), LONGEST_NAME));
        try {
            for (int sequence = 1; ; sequence++) {
                Path path = temporary
                        .toRealPath()
                        .resolve("run-" + ProcessHandle.current().pid() + "-" + sequence + "-" + end);
                try {
                    // Not for others to list, but a server that runs as another user has to pass.
                    Files.createDirectory(path, Directories.only("rwx--x--x"));
                } catch (FileAlreadyExistsException e) {
                    continue;
                }
                refuseForeign(temporary, path);
                Directories.write(path.resolve(OWNER), text(Owner.current()), "rw-r--r--");
                return new GroupDirectory(path);
            }
        } catch (IOException e) {
            throw Directories.unwritable(temporary, "the temporary directory", "minicluster.tmp", e);
        }
    }

    /** Whoever owns the directory above can exchange what is in it; the default one has a name that all can guess. */
    private static void refuseForeign(Path temporary, Path made) throws IOException {
        UserPrincipal owner = Files.getOwner(temporary);
        if (!owner.equals(Files.getOwner(made)) && !owner.getName().equals("root")) {
            Files.delete(made);
            throw new EnvironmentException(
                    "expected the temporary directory " + temporary + " to be one's own, but was " + owner.getName()
                            + "'s; choose another with -Dminicluster.tmp=DIRECTORY");
        }
    }

    /** All that are there, of living and of dead JVMs. */
    static List<GroupDirectory> all(Path temporary) throws IOException {
        List<GroupDirectory> all = new ArrayList<>();
        try (DirectoryStream<Path> paths = Files.newDirectoryStream(temporary.toRealPath(), "run-*")) {
            paths.forEach(path -> all.add(new GroupDirectory(path)));
        } catch (NoSuchFileException e) {
            // The first run on this machine has not made it yet.
            return List.of();
        }
        return all;
    }

    /** Where a server of the group lives. */
    Path server(String name) {
        return path.resolve(FileNames.of(name));
    }

    /** Those of the group that are there. */
    List<Path> servers() throws IOException {
        List<Path> servers = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(path, Files::isDirectory)) {
            entries.forEach(servers::add);
        } catch (NoSuchFileException e) {
            // Deleted already, by us or by another JVM that tidies up.
            return List.of();
        }
        return servers;
    }

    /** Empty if nobody has written yet whose it is. */
    Optional<Owner> owner() {
        Properties properties = new Properties();
        try (Reader in = Files.newBufferedReader(path.resolve(OWNER))) {
            properties.load(in);
        } catch (IOException | IllegalArgumentException e) {
            return Optional.empty();
        }
        Map<String, String> map = new HashMap<>();
        properties.stringPropertyNames().forEach(key -> map.put(key, properties.getProperty(key)));
        return Owner.fromMap(map);
    }

    /** Deletes the owner's name last, so that what is left of an interrupted deletion is still known to be nobody's. */
    void delete() {
        try {
            for (Path server : servers()) {
                Directories.delete(server);
            }
            Directories.delete(path);
        } catch (IOException e) {
            throw new MiniClusterException("could not delete " + path + ": " + e, e);
        }
    }

    private static String text(Owner owner) throws IOException {
        Properties properties = new Properties();
        owner.toMap().forEach(properties::setProperty);
        StringWriter text = new StringWriter();
        properties.store(text, "the JVM whose servers these are");
        return text.toString();
    }
}
