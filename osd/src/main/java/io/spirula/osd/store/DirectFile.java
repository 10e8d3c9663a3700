package io.spirula.osd.store;

import java.io.EOFException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.Set;

/** A block file on a file system: direct I/O where that has it, so that nothing is copied or cached twice; else through the operating system's cache. */
final class DirectFile implements BlockFile {
    // Sparse, and grown in large steps: a write behind the file's end costs the file system a change of the file's
    // size.
    private static final long STEP = 64L << 20;

    private final Path path;
    private final FileChannel channel;
    private volatile long length;

    private DirectFile(Path path, FileChannel channel) throws IOException {
        this.path = path;
        this.channel = channel;
        length = channel.size();
    }

    static DirectFile open(Path path) throws IOException {
        Set<OpenOption> options =
                new HashSet<>(Set.of(StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE));
        Set<OpenOption> direct = new HashSet<>(options);
        direct.addAll(directOption());
        try {
            return new DirectFile(path, FileChannel.open(path, direct));
        } catch (UnsupportedOperationException | IOException e) {
            // A file system in memory, for example, refuses direct I/O; what else is wrong shows again here.
            return new DirectFile(path, FileChannel.open(path, options));
        }
    }

    /** The JDK's own option, which is not part of its standard: found by name, and done without where it is not. */
    private static Set<OpenOption> directOption() {
        try {
            for (Object option :
                    Class.forName("com.sun.nio.file.ExtendedOpenOption").getEnumConstants()) {
                if (option.toString().equals("DIRECT")) {
                    return Set.of((OpenOption) option);
                }
            }
        } catch (ClassNotFoundException e) {
            return Set.of();
        }
        return Set.of();
    }

    @Override
    public void write(long position, ByteBuffer source) throws IOException {
        long end = position + source.remaining();
        if (end > length) {
            grow(end);
        }
        for (long at = position; source.hasRemaining(); ) {
            at += channel.write(source, at);
        }
    }

    private synchronized void grow(long end) throws IOException {
        if (end > length) {
            long wanted = (end + STEP - 1) / STEP * STEP;
            try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
                file.setLength(wanted);
            }
            length = wanted;
        }
    }

    @Override
    public void read(long position, ByteBuffer target) throws IOException {
        for (long at = position; target.hasRemaining(); ) {
            int got = channel.read(target, at);
            if (got < 0) {
                throw new EOFException(path + " ends before " + (at + target.remaining()));
            }
            at += got;
        }
    }

    @Override
    public void sync() throws IOException {
        channel.force(false);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
