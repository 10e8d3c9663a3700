package io.spirula.osd.store;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * The file that large data lies in, as the store sees it. Positions and lengths are multiples of {@link #ALIGNMENT}. Any thread may call, several at a time; a write is durable after the next {@link #sync}
 * that begins after it returned.
 */
interface BlockFile extends AutoCloseable {
    /** What direct I/O needs on every usual disk, in bytes. */
    int ALIGNMENT = 4096;

    /** Writes all that {@code source} has left. */
    void write(long position, ByteBuffer source) throws IOException;

    /** Fills what is left in {@code target}; what was never written reads as anything. */
    void read(long position, ByteBuffer target) throws IOException;

    void sync() throws IOException;

    @Override
    void close() throws IOException;

    static int aligned(int length) {
        return length + ALIGNMENT - 1 & -ALIGNMENT;
    }
}
