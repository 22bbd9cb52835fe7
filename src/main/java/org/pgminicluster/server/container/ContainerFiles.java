package org.pgminicluster.server.container;

import com.github.dockerjava.api.DockerClient;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/**
 * The files of client programs in one container. The engine hands them over as an archive, with their owner; none is ever
 * held in memory as a whole.
 */
record ContainerFiles(DockerClient client, String container) {

    private static final int FILE = 0600;
    private static final int DIRECTORY = 0700;

    /** Takes one from another container. */
    void copy(String from, String name) {
        try (InputStream archive = open(from, name)) {
            put(archive);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Copies one to this machine. */
    void fetch(String name, Path place) {
        Path target = place.toAbsolutePath().normalize();
        try (TarArchiveInputStream tar = new TarArchiveInputStream(new BufferedInputStream(open(container, name)))) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                Path file = target.resolve(below(name, entry.getName())).normalize();
                if (!file.startsWith(target)) {
                    throw new IOException("expected the engine's archive of " + name + " to be inside it, but was "
                            + entry.getName());
                }
                if (entry.isDirectory()) {
                    Files.createDirectories(file);
                    permit(file, "rwx------");
                } else if (entry.isFile()) {
                    Files.createFile(file);
                    permit(file, "rw-------");
                    try (var out = Files.newOutputStream(file)) {
                        tar.transferTo(out);
                    }
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Copies one from this machine, for the server's user to read. */
    void give(Path source, String name, Backends.Shell shell) {
        List<String> owner = List.of(shell.outputOf("id -u; id -g").strip().split("\\s+"));
        delete(name, shell);
        try {
            Path archive = Files.createTempFile("pg-minicluster-", ".tar");
            try {
                write(source, name, owner, archive);
                try (InputStream in = new BufferedInputStream(Files.newInputStream(archive))) {
                    put(in);
                }
            } finally {
                Files.delete(archive);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static void delete(String name, Backends.Shell shell) {
        shell.outputOf("rm -rf " + Layout.FILES + "/\"$1\"", name);
    }

    private InputStream open(String from, String name) {
        return client.copyArchiveFromContainerCmd(from, Layout.FILES + "/" + name)
                .exec();
    }

    private void put(InputStream archive) {
        client.copyArchiveToContainerCmd(container)
                .withRemotePath(Layout.FILES)
                .withTarInputStream(archive)
                .exec();
    }

    private static void write(Path source, String name, List<String> owner, Path archive) throws IOException {
        try (TarArchiveOutputStream tar =
                        new TarArchiveOutputStream(new BufferedOutputStream(Files.newOutputStream(archive)));
                Stream<Path> files = Files.walk(source)) {
            tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
            tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
            for (Path file : files.toList()) {
                String below = source.relativize(file).toString();
                boolean directory = Files.isDirectory(file);
                TarArchiveEntry entry =
                        new TarArchiveEntry((below.isEmpty() ? name : name + "/" + below) + (directory ? "/" : ""));
                entry.setMode(directory ? DIRECTORY : FILE);
                entry.setUserId(Long.parseLong(owner.get(0)));
                entry.setGroupId(Long.parseLong(owner.get(1)));
                if (!directory) {
                    entry.setSize(Files.size(file));
                }
                tar.putArchiveEntry(entry);
                if (!directory) {
                    Files.copy(file, tar);
                }
                tar.closeArchiveEntry();
            }
        }
    }

    /** The archive's names begin with that of what was asked for. */
    private static String below(String name, String entry) {
        String below = entry.startsWith(name) ? entry.substring(name.length()) : entry;
        return below.startsWith("/") ? below.substring(1) : below;
    }

    private static void permit(Path path, String permissions) throws IOException {
        if (path.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(permissions));
        }
    }
}
