package io.spirula.common.msgr;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.encoding.Crc32c;
import io.spirula.common.message.Payload;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Writes msgr2.1 frames to a link, by checksums or encrypted. Reuses its buffers: no garbage per message but the cipher's. */
final class FrameWriter {
    static final int PREAMBLE_BYTES = 32;
    static final int INLINE_BYTES = 48;
    static final int MESSAGE_HEADER_BYTES = 41;
    static final int CRC_BYTES = 4;
    static final int CRC_EPILOGUE_BYTES = 13;
    static final int LATE_STATUS_COMPLETE = 0xe;
    static final int LATE_STATUS_ABORTED = 0x1;
    static final int LATE_STATUS_MASK = 0xf;

    private static final VarHandle U16 = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle U32 = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle U64 = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final int DEFAULT_ALIGNMENT = 8;
    private static final int PAGE_ALIGNMENT = 4096;
    /** COMPLETE and NOCRC: frames carry the checksums. */
    private static final int FOOTER_FLAGS = 3;

    private final Transport.Link link;
    private final byte[] head = new byte[PREAMBLE_BYTES + INLINE_BYTES + FrameCipher.TAG_BYTES];
    private final byte[] tail = new byte[16];
    private final int[] lengths = new int[4];
    private byte[] plain = new byte[0];
    private byte[] sealed = new byte[256];
    private @Nullable FrameCipher cipher;

    FrameWriter(Transport.Link link) {
        this.link = link;
    }

    void encryptWith(FrameCipher sending) {
        cipher = sending;
    }

    /** A frame of one segment. */
    void control(int tag, Bytes body) {
        lengths[0] = body.size();
        preamble(tag, 1);
        FrameCipher tx = cipher;
        if (tx != null) {
            sealHead(tx, body);
            return;
        }
        link.write(head, 0, PREAMBLE_BYTES);
        if (!body.isEmpty()) {
            link.write(body.backingArray(), body.backingOffset(), body.size());
            U32.set(tail, 0, body.crc32c(-1));
            link.write(tail, 0, CRC_BYTES);
        }
    }

    /** A frame with a message, as number {@code seq}, acknowledging what came up to {@code ackSeq}. */
    void message(Payload payload, long seq, long ackSeq) {
        Bytes front = payload.front();
        Bytes middle = payload.middle();
        Bytes data = payload.data();
        lengths[0] = MESSAGE_HEADER_BYTES;
        lengths[1] = front.size();
        lengths[2] = middle.size();
        lengths[3] = data.size();
        int segments = !data.isEmpty() ? 4 : !middle.isEmpty() ? 3 : !front.isEmpty() ? 2 : 1;
        preamble(Tag.MESSAGE, segments);
        messageHeader(payload, seq, ackSeq);
        FrameCipher tx = cipher;
        if (tx != null) {
            Arrays.fill(head, PREAMBLE_BYTES + MESSAGE_HEADER_BYTES, PREAMBLE_BYTES + INLINE_BYTES, (byte) 0);
            sealInline(tx);
            if (segments > 1) {
                sealRest(tx, front, middle, data);
            }
            return;
        }
        int headerEnd = PREAMBLE_BYTES + MESSAGE_HEADER_BYTES;
        U32.set(head, headerEnd, Crc32c.of(-1, head, PREAMBLE_BYTES, MESSAGE_HEADER_BYTES));
        link.write(head, 0, headerEnd + CRC_BYTES);
        if (segments == 1) {
            return;
        }
        tail[0] = LATE_STATUS_COMPLETE;
        U32.set(tail, 1, segment(front, segments > 1));
        U32.set(tail, 5, segment(middle, segments > 2));
        U32.set(tail, 9, segment(data, segments > 3));
        link.write(tail, 0, CRC_EPILOGUE_BYTES);
    }

    /** Writes a segment; gives its checksum, 0 for one that the frame does not have. */
    private int segment(Bytes bytes, boolean present) {
        if (!present) {
            return 0;
        }
        if (!bytes.isEmpty()) {
            link.write(bytes.backingArray(), bytes.backingOffset(), bytes.size());
        }
        return bytes.crc32c(-1);
    }

    private void preamble(int tag, int segments) {
        Arrays.fill(head, 0, PREAMBLE_BYTES, (byte) 0);
        head[0] = (byte) tag;
        head[1] = (byte) segments;
        for (int i = 0; i < segments; i++) {
            U32.set(head, 2 + i * 6, lengths[i]);
            U16.set(head, 6 + i * 6, (short) (i == 3 ? PAGE_ALIGNMENT : DEFAULT_ALIGNMENT));
        }
        U32.set(head, PREAMBLE_BYTES - CRC_BYTES, Crc32c.of(0, head, 0, PREAMBLE_BYTES - CRC_BYTES));
    }

    /** Ceph: ceph_msg_header2. */
    private void messageHeader(Payload payload, long seq, long ackSeq) {
        int at = PREAMBLE_BYTES;
        U64.set(head, at, seq);
        U64.set(head, at + 8, payload.tid());
        U16.set(head, at + 16, (short) payload.type());
        U16.set(head, at + 18, (short) payload.priority());
        U16.set(head, at + 20, (short) payload.version());
        U32.set(head, at + 22, 0); // padding before the data
        U16.set(head, at + 26, (short) payload.dataOffset());
        U64.set(head, at + 28, ackSeq);
        head[at + 36] = FOOTER_FLAGS;
        U16.set(head, at + 37, (short) payload.compatVersion());
        U16.set(head, at + 39, (short) 0);
    }

    /** Encrypts preamble and inline bytes, which stand in {@link #head}. */
    private void sealInline(FrameCipher tx) {
        int written = tx.apply(head, 0, PREAMBLE_BYTES + INLINE_BYTES, sealed, 0);
        link.write(sealed, 0, written);
    }

    private void sealHead(FrameCipher tx, Bytes body) {
        Arrays.fill(head, PREAMBLE_BYTES, PREAMBLE_BYTES + INLINE_BYTES, (byte) 0);
        int inline = Math.min(INLINE_BYTES, body.size());
        body.slice(0, inline).copyTo(head, PREAMBLE_BYTES);
        sealInline(tx);
        int rest = FrameCipher.padded(body.size()) - INLINE_BYTES;
        if (rest > 0) {
            room(rest);
            Arrays.fill(plain, body.size() - inline, rest, (byte) 0);
            body.slice(inline, body.size() - inline).copyTo(plain, 0);
            link.write(sealed, 0, tx.apply(plain, 0, rest, sealed, 0));
        }
    }

    private void sealRest(FrameCipher tx, Bytes front, Bytes middle, Bytes data) {
        int total = FrameCipher.padded(front.size())
                + FrameCipher.padded(middle.size())
                + FrameCipher.padded(data.size())
                + FrameCipher.BLOCK_BYTES;
        room(total);
        int at = pad(data, pad(middle, pad(front, 0)));
        Arrays.fill(plain, at, total, (byte) 0);
        plain[at] = LATE_STATUS_COMPLETE;
        link.write(sealed, 0, tx.apply(plain, 0, total, sealed, 0));
        if (total > KEPT_BUFFER_BYTES) {
            plain = new byte[0];
            sealed = new byte[256];
        }
    }

    /** Larger buffers are given back after use, so that an idle connection does not keep them. */
    private static final int KEPT_BUFFER_BYTES = 64 << 10;

    private int pad(Bytes segment, int at) {
        segment.copyTo(plain, at);
        int end = at + FrameCipher.padded(segment.size());
        Arrays.fill(plain, at + segment.size(), end, (byte) 0);
        return end;
    }

    private void room(int length) {
        if (plain.length < length) {
            plain = new byte[length];
        }
        if (sealed.length < length + FrameCipher.TAG_BYTES) {
            sealed = new byte[length + FrameCipher.TAG_BYTES];
        }
    }
}
