package io.spirula.it.hostile;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.encoding.Encoder;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Random;

/** What a socket without any right to speak sends: one connection each, told apart in the servers' logs by its address. */
enum RawAttack {
    RANDOM_BYTES {
        @Override
        byte[] bytes(Random random) {
            return garbage(random, 1 + random.nextInt(5_000));
        }
    },
    MSGR1 {
        @Override
        byte[] bytes(Random random) {
            return join("ceph v027".getBytes(java.nio.charset.StandardCharsets.US_ASCII), garbage(random, 200));
        }
    },
    BANNER_OF_A_STRANGER {
        @Override
        byte[] bytes(Random random) {
            int claimed = random.nextBoolean() ? 60_000 : 16;
            return new Encoder()
                    .raw(Bytes.of("ceph v2\n"))
                    .u16(claimed)
                    .u64(random.nextBoolean() ? 0 : 1)
                    .u64(2L << random.nextInt(20))
                    .raw(Bytes.wrap(garbage(random, 100)))
                    .toBytes()
                    .toArray();
        }
    },
    GARBAGE_AFTER_THE_BANNER {
        @Override
        byte[] bytes(Random random) {
            return join(banner(), garbage(random, 32 + random.nextInt(5_000)));
        }
    },
    WRONG_CRC_OF_A_PREAMBLE {
        @Override
        byte[] bytes(Random random) {
            byte[] frame = frame(1, 1, new int[] {24, 0, 0, 0});
            frame[28] ^= (byte) (1 + random.nextInt(255));
            return join(banner(), join(frame, garbage(random, 28)));
        }
    },
    WRONG_CRC_OF_A_SEGMENT {
        @Override
        byte[] bytes(Random random) {
            return join(banner(), join(frame(1, 1, new int[] {24, 0, 0, 0}), garbage(random, 28)));
        }
    },
    UNKNOWN_TAG {
        @Override
        byte[] bytes(Random random) {
            byte[] body = garbage(random, 8);
            int tag = random.nextBoolean() ? 0 : 21 + random.nextInt(200);
            return join(banner(), join(frame(tag, 1, new int[] {8, 0, 0, 0}), checked(body)));
        }
    },
    TAG_OUT_OF_TURN {
        @Override
        byte[] bytes(Random random) {
            byte[] body = garbage(random, 8);
            return join(banner(), join(frame(2 + random.nextInt(19), 1, new int[] {8, 0, 0, 0}), checked(body)));
        }
    },
    OVERSIZED {
        @Override
        byte[] bytes(Random random) {
            return join(banner(), frame(1, 1, new int[] {1 << (20 + random.nextInt(12)), 0, 0, 0}));
        }
    },
    MANY_SEGMENTS {
        @Override
        byte[] bytes(Random random) {
            return join(banner(), frame(17, 2 + random.nextInt(120), new int[] {41, 1 << 26, 1 << 26, 1 << 27}));
        }
    },
    NONSENSE_IN_A_GOOD_FRAME {
        @Override
        byte[] bytes(Random random) {
            byte[] body = garbage(random, 1 + random.nextInt(300));
            return join(banner(), join(frame(1, 1, new int[] {body.length, 0, 0, 0}), checked(body)));
        }
    },
    CUT_SHORT {
        @Override
        byte[] bytes(Random random) {
            byte[] whole = join(banner(), join(frame(1, 1, new int[] {24, 0, 0, 0}), garbage(random, 28)));
            return java.util.Arrays.copyOf(whole, banner().length + 1 + random.nextInt(50));
        }
    },
    /** Says a part of what it has to and then nothing more. */
    SLOW {
        @Override
        byte[] bytes(Random random) {
            byte[] whole = join(banner(), frame(1, 1, new int[] {60_000, 0, 0, 0}));
            int part = 1 + random.nextInt(whole.length);
            return java.util.Arrays.copyOf(whole, part == banner().length ? part + 1 : part);
        }
    };

    abstract byte[] bytes(Random random);

    /** Connects from this address, attacks, and waits until the server has closed. */
    void launch(InetAddress from, InetSocketAddress target, Random random, int patienceMillis) throws IOException {
        byte[] bytes = bytes(random);
        try (Socket socket = new Socket()) {
            socket.bind(new InetSocketAddress(from, 0));
            socket.connect(target, patienceMillis);
            socket.setSoTimeout(patienceMillis);
            try {
                socket.getOutputStream().write(bytes);
                if (this == CUT_SHORT) {
                    socket.shutdownOutput();
                }
                InputStream in = socket.getInputStream();
                byte[] answer = new byte[4096];
                while (in.read(answer) >= 0) {
                    // the server's own banner and hello
                }
            } catch (java.net.SocketTimeoutException e) {
                throw new AssertionError(this + " is still connected to " + target, e);
            } catch (IOException e) {
                // reset: closed with bytes of ours unread
            }
        }
    }

    private static byte[] banner() {
        return new Encoder()
                .raw(Bytes.of("ceph v2\n"))
                .u16(16)
                .u64(1)
                .u64(1)
                .toBytes()
                .toArray();
    }

    /** A preamble of msgr2.1 with a good checksum. */
    private static byte[] frame(int tag, int segments, int[] lengths) {
        Encoder out = new Encoder().u8(tag).u8(segments);
        for (int length : lengths) {
            out.u32(length).u16(8);
        }
        byte[] head = out.u8(0).u8(0).toBytes().toArray();
        return new Encoder()
                .raw(Bytes.wrap(head))
                .u32(Bytes.wrap(head).crc32c(0))
                .toBytes()
                .toArray();
    }

    private static byte[] checked(byte[] body) {
        return new Encoder()
                .raw(Bytes.wrap(body))
                .u32(Bytes.wrap(body).crc32c(-1))
                .toBytes()
                .toArray();
    }

    private static byte[] garbage(Random random, int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    private static byte[] join(byte[] first, byte[] second) {
        return Bytes.concat(java.util.List.of(Bytes.wrap(first), Bytes.wrap(second)))
                .toArray();
    }
}
