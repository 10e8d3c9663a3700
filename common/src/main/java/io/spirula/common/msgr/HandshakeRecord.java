package io.spirula.common.msgr;

import io.spirula.common.encoding.MalformedInput;
import io.spirula.common.types.EntityAddr;
import java.util.Arrays;

/** All bytes of a handshake before its signatures, in both directions: each side signs what it received. Bounded. */
final class HandshakeRecord {
    private static final int MAX_BYTES = 256 << 10;

    private final Transcript received = new Transcript();
    private final Transcript sent = new Transcript();
    private boolean stopped;

    /** Bytes in one direction. */
    static final class Transcript {
        private byte[] bytes = new byte[1024];
        private int size;

        byte[] bytes() {
            return bytes;
        }

        int size() {
            return size;
        }

        private void add(byte[] source, int from, int length) {
            if (length > MAX_BYTES - size) {
                throw new MalformedInput("a handshake of more than " + MAX_BYTES + " bytes");
            }
            if (size + length > bytes.length) {
                bytes = Arrays.copyOf(bytes, Math.max(size + length, bytes.length * 2));
            }
            System.arraycopy(source, from, bytes, size, length);
            size += length;
        }
    }

    Transcript received() {
        return received;
    }

    Transcript sent() {
        return sent;
    }

    /** What passes from now on is not part of the handshake. */
    void stop() {
        stopped = true;
    }

    Transport.ByteSource recording(Transport.ByteSource source) {
        return new Transport.ByteSource() {
            @Override
            public int available() {
                return source.available();
            }

            @Override
            public void read(byte[] target, int at, int count) {
                source.read(target, at, count);
                if (!stopped) {
                    received.add(target, at, count);
                }
            }
        };
    }

    Transport.Link recording(Transport.Link link) {
        return new Transport.Link() {
            @Override
            public void write(byte[] source, int from, int length) {
                if (!stopped) {
                    sent.add(source, from, length);
                }
                link.write(source, from, length);
            }

            @Override
            public void flush() {
                link.flush();
            }

            @Override
            public void close() {
                link.close();
            }

            @Override
            public boolean isWritable() {
                return link.isWritable();
            }

            @Override
            public void setReading(boolean on) {
                link.setReading(on);
            }

            @Override
            public EntityAddr localAddress() {
                return link.localAddress();
            }

            @Override
            public EntityAddr remoteAddress() {
                return link.remoteAddress();
            }
        };
    }
}
