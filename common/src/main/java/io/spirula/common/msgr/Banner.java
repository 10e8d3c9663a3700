package io.spirula.common.msgr;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.encoding.Decoder;
import io.spirula.common.encoding.Encoder;
import io.spirula.common.encoding.MalformedInput;
import java.util.Arrays;

/** The first bytes in either direction: a magic word and which revisions of the protocol one speaks. Only msgr2.1 is spoken here. */
final class Banner {
    private static final Bytes MAGIC = Bytes.of("ceph v2\n");
    private static final Bytes LEGACY = Bytes.of("ceph v0");
    private static final long REVISION_1 = 1;
    private static final int MAX_PAYLOAD = 256;

    private byte[] bytes = new byte[MAGIC.size() + 2];
    private int filled;
    private boolean complete;

    static byte[] ours() {
        return new Encoder()
                .raw(MAGIC)
                .u16(16)
                .u64(REVISION_1)
                .u64(REVISION_1)
                .toBytes()
                .toArray();
    }

    /** Whether a part of it has come and the rest has not. */
    boolean isCutShort() {
        return filled > 0 && !complete;
    }

    /** Takes bytes of the peer's banner; true once it is there as a whole and good. */
    boolean advance(Transport.ByteSource in) {
        while (true) {
            int count = Math.min(in.available(), bytes.length - filled);
            in.read(bytes, filled, count);
            filled += count;
            checkMagic();
            if (filled < bytes.length) {
                return false;
            }
            Decoder decoder = new Decoder(Bytes.wrap(bytes)).skip(MAGIC.size());
            int payload = decoder.u16();
            if (payload > MAX_PAYLOAD) {
                throw new MalformedInput("a banner of " + payload + " bytes");
            }
            int length = MAGIC.size() + 2 + payload;
            if (bytes.length < length) {
                bytes = Arrays.copyOf(bytes, length);
                continue;
            }
            checkRevisions(decoder.u64(), decoder.u64());
            complete = true;
            return true;
        }
    }

    private void checkMagic() {
        Bytes seen = Bytes.wrap(bytes, 0, Math.min(filled, MAGIC.size()));
        if (!MAGIC.startsWith(seen)) {
            throw new MalformedInput(seen.startsWith(LEGACY) ? "the peer speaks msgr1" : "not a banner of msgr2");
        }
    }

    private static void checkRevisions(long supported, long required) {
        if ((supported & REVISION_1) == 0) {
            throw new MalformedInput("the peer does not speak msgr2.1");
        }
        if ((required & ~REVISION_1) != 0) {
            throw new MalformedInput("the peer requires msgr2 features " + Long.toHexString(required));
        }
    }
}
