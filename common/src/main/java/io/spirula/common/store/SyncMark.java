package io.spirula.common.store;

import io.spirula.common.encoding.Crc32c;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * How far a database's log was durable when it was synced last, in a file of its own. A log that is damaged in its middle looks to the database like one whose end was never written, and what follows is given up without a word:
 * what was acknowledged must not be forgotten so.
 *
 * <p>The file is overwritten after each sync and never synced itself: so it has no number that the log does not reach, whenever the power goes, and after the end of the process alone it has the newest one.
 */
public final class SyncMark implements AutoCloseable {
    private static final String FILE = "synced";
    private static final int LENGTH = 12;

    private final FileChannel file;
    private final ByteBuffer record = ByteBuffer.allocate(LENGTH);
    private long noted;

    private SyncMark(FileChannel file) throws IOException {
        this.file = file;
        noted = stored(file);
    }

    /** The mark in {@code directory}, which is made where there is none. */
    public static SyncMark open(Path directory) throws IOException {
        return new SyncMark(FileChannel.open(
                directory.resolve(FILE), StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE));
    }

    /** Nothing is known, 0, where the file is new or damaged. */
    private static long stored(FileChannel file) throws IOException {
        ByteBuffer in = ByteBuffer.allocate(LENGTH);
        while (in.hasRemaining() && file.read(in, in.position()) > 0) {
            // until all is there, or the end
        }
        boolean sound = !in.hasRemaining() && in.getInt(8) == Crc32c.of(-1, in.array(), 0, 8);
        return sound ? in.getLong(0) : 0;
    }

    /** The newest sequence number that the log must have. */
    public long sequence() {
        return noted;
    }

    /** All up to here is durable. Any thread, one at a time. */
    public void note(long sequence) throws IOException {
        if (sequence == noted) {
            return;
        }
        record.clear()
                .putLong(sequence)
                .putInt(Crc32c.of(-1, record.array(), 0, 8))
                .flip();
        file.write(record, 0);
        noted = sequence;
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
