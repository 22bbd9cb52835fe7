package org.pgminicluster.server.process;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * Copies a data directory. In this JVM, because that is faster than {@code cp -a} or {@code cp -r} for its 1200 small
 * files, works everywhere and sees what it copies; and without writing blocks of zeros, which are most of the WAL.
 */
final class TreeCopy extends SimpleFileVisitor<Path> {

    /** What a directory holds: enough to see that something is missing, cut short or changed. */
    record Content(long files, long bytes, long checksum) {}

    /** One file of it. */
    record Entry(long size, long checksum) {}

    /**
     * The same in full, by names relative to it.
     *
     * @param directories each after the one that it is in
     */
    record Tree(Set<String> directories, Map<String, Entry> files) {

        Content content() {
            long bytes = 0;
            // A sum does not depend on the order, which differs from one file system to the next.
            long checksum = 0;
            for (Map.Entry<String, Entry> file : files.entrySet()) {
                bytes += file.getValue().size();
                CRC32 named = new CRC32();
                named.update(file.getKey().getBytes(StandardCharsets.UTF_8));
                // The product ties each name to its content.
                checksum += (named.getValue() + 1) * (file.getValue().checksum() + 1);
            }
            return new Content(files.size(), bytes, checksum);
        }
    }

    private static final int BLOCK = 1 << 18;
    private static final ByteBuffer ZEROS = ByteBuffer.allocateDirect(BLOCK).asReadOnlyBuffer();
    private static final FileAttribute<?>[] ONLY_OWNER = Directories.only("rw-------");
    private static final FileAttribute<?>[] ONLY_OWNER_MAY_ENTER = Directories.only("rwx------");

    private final Path source;
    private final @Nullable Path target;
    private final ByteBuffer block = ByteBuffer.allocateDirect(BLOCK);
    private final Set<String> directories = new LinkedHashSet<>();
    private final Map<String, Entry> files = new HashMap<>();

    private TreeCopy(Path source, @Nullable Path target) {
        this.source = source;
        this.target = target;
    }

    /** Copies to a directory that is not there yet, and tells what was copied. */
    static Tree copy(Path source, Path target) throws IOException {
        return new TreeCopy(source, target).walk();
    }

    /** Tells what there is to copy. */
    static Tree look(Path source) throws IOException {
        return new TreeCopy(source, null).walk();
    }

    /** Copies one file to one that is not there yet. */
    static Entry file(Path source, Path target) throws IOException {
        return transfer(source, target, ByteBuffer.allocateDirect(BLOCK));
    }

    private Tree walk() throws IOException {
        Files.walkFileTree(source, this);
        return new Tree(Collections.unmodifiableSet(directories), Collections.unmodifiableMap(files));
    }

    @Override
    public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) throws IOException {
        Path relative = source.relativize(directory);
        if (target != null) {
            Files.createDirectory(target.resolve(relative), ONLY_OWNER_MAY_ENTER);
        }
        directories.add(relative.toString());
        return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
        Path relative = source.relativize(file);
        files.put(relative.toString(), transfer(file, target == null ? null : target.resolve(relative), block));
        return FileVisitResult.CONTINUE;
    }

    private static Entry transfer(Path file, @Nullable Path copy, ByteBuffer block) throws IOException {
        try (FileChannel in = FileChannel.open(file)) {
            if (copy == null) {
                return transfer(in, null, block);
            }
            try (FileChannel out = FileChannel.open(
                    copy, Set.of(StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW), ONLY_OWNER)) {
                return transfer(in, out, block);
            }
        }
    }

    private static Entry transfer(FileChannel in, @Nullable FileChannel out, ByteBuffer block) throws IOException {
        CRC32 sum = new CRC32();
        long position = 0;
        boolean endsInHole = false;
        while (in.read(block.clear()) > 0) {
            block.flip();
            int length = block.remaining();
            sum.update(block.duplicate());
            endsInHole = length == BLOCK && block.equals(ZEROS.duplicate());
            if (out != null && !endsInHole) {
                writeAll(out, block, position);
            }
            position += length;
        }
        if (out != null && endsInHole) {
            writeAll(out, ByteBuffer.allocate(1), position - 1);
        }
        return new Entry(position, sum.getValue());
    }

    private static void writeAll(FileChannel out, ByteBuffer buffer, long position) throws IOException {
        long at = position;
        while (buffer.hasRemaining()) {
            at += out.write(buffer, at);
        }
    }
}
