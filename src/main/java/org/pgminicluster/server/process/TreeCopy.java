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

    private static final int BLOCK = 1 << 18;
    private static final ByteBuffer ZEROS = ByteBuffer.allocateDirect(BLOCK).asReadOnlyBuffer();

    private final Path source;
    private final @Nullable Path target;
    private final FileAttribute<?>[] onlyOwner = Directories.only("rw-------");
    private final FileAttribute<?>[] onlyOwnerMayEnter = Directories.only("rwx------");
    private final ByteBuffer block = ByteBuffer.allocateDirect(BLOCK);
    private long files;
    private long bytes;
    private long checksum;

    private TreeCopy(Path source, @Nullable Path target) {
        this.source = source;
        this.target = target;
    }

    /** Copies to a directory that is not there yet, and tells what was copied. */
    static Content copy(Path source, Path target) throws IOException {
        return new TreeCopy(source, target).walk();
    }

    /** Tells what there is to copy. */
    static Content look(Path source) throws IOException {
        return new TreeCopy(source, null).walk();
    }

    private Content walk() throws IOException {
        Files.walkFileTree(source, this);
        return new Content(files, bytes, checksum);
    }

    @Override
    public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) throws IOException {
        if (target != null) {
            Files.createDirectory(target.resolve(source.relativize(directory)), onlyOwnerMayEnter);
        }
        return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
        Path relative = source.relativize(file);
        CRC32 sum = new CRC32();
        sum.update(relative.toString().getBytes(StandardCharsets.UTF_8));
        try (FileChannel in = FileChannel.open(file)) {
            if (target == null) {
                bytes += transfer(in, null, sum);
            } else {
                try (FileChannel out = FileChannel.open(
                        target.resolve(relative),
                        Set.of(StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW),
                        onlyOwner)) {
                    bytes += transfer(in, out, sum);
                }
            }
        }
        files++;
        // A sum does not depend on the order, which differs from one file system to the next.
        checksum += sum.getValue();
        return FileVisitResult.CONTINUE;
    }

    private long transfer(FileChannel in, @Nullable FileChannel out, CRC32 sum) throws IOException {
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
        return position;
    }

    private static void writeAll(FileChannel out, ByteBuffer buffer, long position) throws IOException {
        long at = position;
        while (buffer.hasRemaining()) {
            at += out.write(buffer, at);
        }
    }
}
