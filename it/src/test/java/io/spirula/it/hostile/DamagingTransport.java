package io.spirula.it.hostile;

import io.spirula.common.msgr.Transport;
import io.spirula.common.types.EntityAddr;
import java.util.Random;

/** A network that turns a bit of some byte from a random place of each new connection on, as long as it is told to. */
final class DamagingTransport implements Transport {
    /** The handshake takes some 1,500 bytes, so that about half of the damage is done to it and half to the session. */
    private static final int WITHIN_BYTES = 4_000;

    private final Transport sound;
    private final Random random;
    private boolean damaging;

    DamagingTransport(Transport sound, Random random) {
        this.sound = sound;
        this.random = random;
    }

    void damage(boolean on) {
        damaging = on;
    }

    @Override
    public void connect(EntityAddr target, LinkHandler handler) {
        long at = damaging ? random.nextInt(WITHIN_BYTES) : Long.MAX_VALUE;
        sound.connect(target, new LinkHandler() {
            @Override
            public void connected(Link link) {
                handler.connected(new DamagedLink(link, at, 1 << random.nextInt(8)));
            }

            @Override
            public void received(ByteSource source) {
                handler.received(source);
            }

            @Override
            public void writable() {
                handler.writable();
            }

            @Override
            public void closed(String reason, boolean refused) {
                handler.closed(reason, refused);
            }
        });
    }

    @Override
    public EntityAddr bind(EntityAddr address, Acceptor acceptor) {
        return sound.bind(address, acceptor);
    }

    @Override
    public void close() {
        sound.close();
    }

    private static final class DamagedLink implements Link {
        private final Link link;
        private final long at;
        private final int bit;
        private long written;

        DamagedLink(Link link, long at, int bit) {
            this.link = link;
            this.at = at;
            this.bit = bit;
        }

        @Override
        public void write(byte[] source, int from, int length) {
            if (at >= written && at < written + length) {
                byte[] changed = java.util.Arrays.copyOfRange(source, from, from + length);
                changed[(int) (at - written)] ^= (byte) bit;
                link.write(changed, 0, length);
            } else {
                link.write(source, from, length);
            }
            written += length;
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
    }
}
