package io.spirula.common.msgr;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.spirula.common.auth.AuthSettings;
import io.spirula.common.auth.CryptoKey;
import io.spirula.common.auth.EntityAuth;
import io.spirula.common.auth.KeyServer;
import io.spirula.common.encoding.Bytes;
import io.spirula.common.encoding.Encoder;
import io.spirula.common.encoding.MalformedInput;
import io.spirula.common.types.EntityAddr;
import io.spirula.common.types.EntityType;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Bytes from somebody who wants no good: the link ends, memory stays bounded, nothing else happens. */
class HostileBytesTest {
    private static final Bytes BANNER =
            new Encoder().raw(Bytes.of("ceph v2\n")).u16(16).u64(1).u64(0).toBytes();

    private final Random random = new Random(3);
    private final VirtualReactor reactor = new VirtualReactor();
    private final VirtualNetwork network = new VirtualNetwork(reactor, random);
    private final Party victim = victim();

    private Party victim() {
        CryptoKey key = CryptoKey.generate(random, reactor.clock().now());
        KeyServer keys = new KeyServer(name -> new EntityAuth(key, Map.of("mon", "allow *")), random, reactor.clock());
        return new Party(
                0,
                reactor,
                network,
                AuthSettings.none(EntityType.MON),
                keys,
                MessengerOptions.of(Policy.STATELESS_SERVER),
                random);
    }

    /** Sends bytes to the victim; tells whether the link was ended within the handshake's time. */
    private boolean endsAfter(byte[] bytes) {
        boolean[] ended = new boolean[1];
        network.transport().connect(victim.address, new Transport.LinkHandler() {
            @Override
            public void connected(Transport.Link link) {
                link.write(bytes, 0, bytes.length);
                link.flush();
            }

            @Override
            public void received(Transport.ByteSource source) {
                source.read(new byte[source.available()], 0, source.available());
            }

            @Override
            public void writable() {}

            @Override
            public void closed(String reason, boolean refused) {
                ended[0] = true;
            }
        });
        reactor.run(Duration.ofSeconds(11));
        return ended[0];
    }

    @Test
    void randomBytesEndTheLink() {
        for (int i = 0; i < 300; i++) {
            byte[] noise = new byte[random.nextInt(5000)];
            random.nextBytes(noise);
            assertThat(endsAfter(noise)).isTrue();
        }
    }

    @Test
    void framesOfNonsenseBehindAGoodBannerEndTheLink() {
        for (int i = 0; i < 500; i++) {
            byte[] body = new byte[random.nextInt(300)];
            random.nextBytes(body);
            Recording out = new Recording();
            out.write(BANNER.toArray(), 0, BANNER.size());
            FrameWriter writer = new FrameWriter(out);
            if (i % 2 == 0) {
                writer.control(Tag.HELLO, new ControlFrames.Hello(EntityType.CLIENT, EntityAddr.NONE).encode());
            }
            writer.control(random.nextInt(25), Bytes.wrap(body));
            assertThat(endsAfter(out.bytes())).isTrue();
        }
    }

    @Test
    void aPeerOfMsgr1IsRefused() {
        assertThat(endsAfter(
                        Bytes.of("ceph v027................................").toArray()))
                .isTrue();
    }

    @Test
    void aPeerWithoutRevision1IsRefused() {
        assertThat(endsAfter(new Encoder()
                        .raw(Bytes.of("ceph v2\n"))
                        .u16(16)
                        .u64(0)
                        .u64(0)
                        .toBytes()
                        .toArray()))
                .isTrue();
    }

    @Test
    void silenceEndsWithTheDeadline() {
        assertThat(endsAfter(new byte[0])).isTrue();
        assertThat(endsAfter(BANNER.toArray())).isTrue();
    }

    @Test
    void aLongSegmentIsRefusedBeforeItIsAllocated() {
        FrameReader reader = new FrameReader(1000);
        byte[] preamble = preamble(Tag.HELLO, 1_000_000_000);
        assertThatThrownBy(() -> reader.advance(source(preamble)))
                .isInstanceOf(MalformedInput.class)
                .hasMessageContaining("at most 1000");
    }

    @Test
    void aMessageBeforeTheSessionIsRefused() {
        FrameReader reader = new FrameReader(1000);
        assertThatThrownBy(() -> reader.advance(source(preamble(Tag.MESSAGE, 41))))
                .isInstanceOf(MalformedInput.class);
    }

    @Test
    void everyFlippedBitOfAFrameIsNoticed() {
        Recording out = new Recording();
        byte[] data = new byte[300];
        random.nextBytes(data);
        new FrameWriter(out)
                .message(
                        RawMessage.of(42, Bytes.of("the front"), Bytes.wrap(data))
                                .payload(),
                        7,
                        3);
        byte[] good = out.bytes();
        assertThat(read(good)).isTrue();
        for (int bit = 0; bit < good.length * 8; bit++) {
            byte[] bad = good.clone();
            bad[bit / 8] ^= (byte) (1 << bit % 8);
            boolean late = bit / 8 == good.length - FrameWriter.CRC_EPILOGUE_BYTES;
            boolean unusedCrc = false;
            try {
                // The upper half of the late status means nothing, nor does the checksum of a segment that is not
                // there.
                unusedCrc = read(bad);
            } catch (MalformedInput expected) {
                continue;
            }
            assertThat(unusedCrc && late && bit % 8 >= 4).as("bit %d", bit).isTrue();
        }
    }

    private static boolean read(byte[] bytes) {
        FrameReader reader = new FrameReader(1000);
        reader.allowMessages(1000, 1000);
        return reader.advance(source(bytes));
    }

    private static byte[] preamble(int tag, int length) {
        Encoder out = new Encoder().u8(tag).u8(1).u32(length).u16(8).zeros(18).zeros(2);
        return out.u32(io.spirula.common.encoding.Crc32c.of(0, out.toBytes().toArray(), 0, 28))
                .toBytes()
                .toArray();
    }

    static Transport.ByteSource source(byte[] bytes) {
        return new Transport.ByteSource() {
            private int at;

            @Override
            public int available() {
                return bytes.length - at;
            }

            @Override
            public void read(byte[] target, int to, int count) {
                System.arraycopy(bytes, at, target, to, count);
                at += count;
            }
        };
    }

    /** A link that only keeps what is written. */
    static final class Recording implements Transport.Link {
        private final ByteArrayOutputStream out = new ByteArrayOutputStream();

        byte[] bytes() {
            return out.toByteArray();
        }

        @Override
        public void write(byte[] bytes, int from, int length) {
            out.write(bytes, from, length);
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}

        @Override
        public boolean isWritable() {
            return true;
        }

        @Override
        public void setReading(boolean on) {}

        @Override
        public EntityAddr localAddress() {
            return EntityAddr.NONE;
        }

        @Override
        public EntityAddr remoteAddress() {
            return EntityAddr.NONE;
        }
    }
}
